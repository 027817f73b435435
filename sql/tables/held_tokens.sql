create table automation_private.held_tokens (
    org_id uuid not null,
    instance_id uuid not null,
    held_id uuid not null,
    root_id uuid not null,
    reason text not null,
    mutex text,
    step_order int not null,
    scope_id uuid not null,
    iteration_id uuid,
    from_order int,
    enters_id uuid,
    primary key (org_id, instance_id, held_id),
    constraint reason_is_known check (reason in ('mutex', 'paused', 'failed')),
    constraint mutex_is_named check ((mutex is not null) = (reason = 'mutex'))
);

create index held_token_by_scope on automation_private.held_tokens (scope_id);

comment on table automation_private.held_tokens is
    'Tokens that may not enter their step yet: another activation holds the step''s mutex, the '
    'instance is paused, or it has failed and may be retried from where it stood.';
