create table automation_private.org_settings (
    org_id uuid primary key,
    timezone text not null default 'UTC',
    max_in_flight int not null default 1000,
    created_at timestamptz not null default clock_timestamp(),
    constraint some_actions_may_be_in_flight check (max_in_flight > 0)
);

comment on table automation_private.org_settings is
    'The organisations the engine works for, with their settings.';
comment on column automation_private.org_settings.max_in_flight is
    'How many external actions of the organisation may be in the queue at once.';
