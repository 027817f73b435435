create table automation_private.actions (
    action text primary key,
    runs text not null,
    handler text,
    config_schema jsonb not null,
    description text not null,
    idempotent boolean not null default false,
    internal boolean not null default false,
    provider text,
    retry jsonb,
    registered_at timestamptz not null default clock_timestamp(),
    registered_by name not null default session_user,
    constraint action_runs_here_or_outside check (runs in ('native', 'external')),
    constraint native_action_has_a_handler check ((runs = 'native') = (handler is not null)),
    constraint provider_is_outside check (provider is null or runs = 'external'),
    constraint name_is_an_identifier check (action ~ '^[a-z][a-z0-9_]{0,62}$')
);

comment on table automation_private.actions is
    'The actions that definitions may use: SQL functions that run in the transition, or '
    'external ones.';
comment on column automation_private.actions.provider is
    'Which service the action calls; "*": whichever its settings name.';
comment on column automation_private.actions.internal is
    'Whether only the engine uses it, so that nobody needs to know it.';
