create type automation_private.token as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_order int,
    scope_id uuid,
    iteration_id uuid,
    from_order int,
    step_id uuid
);

comment on type automation_private.token is
    'Where an instance stands: before a step, in a scope. Order 0: it has ended; -n: it has '
    'arrived at merge n.';
comment on column automation_private.token.iteration_id is
    'The innermost turn of a loop that it lives in; null outside of loops.';
comment on column automation_private.token.from_order is
    'The step it comes from.';
comment on column automation_private.token.step_id is
    'The activation that it enters again; null: it makes a new one.';
