create table automation_private.watched_tables (
    table_name regclass primary key,
    event text not null unique,
    columns name[] not null,
    key_columns name[] not null,
    org_column name not null,
    deleted_column name,
    column_types regtype[] not null,
    watched_by name not null default session_user,
    watched_at timestamptz not null default clock_timestamp(),
    constraint event_is_a_name check (event ~ '^[a-z][a-z0-9_]{0,62}$')
);

comment on table automation_private.watched_tables is
    'Tables whose changes are captured as events, and which columns.';
