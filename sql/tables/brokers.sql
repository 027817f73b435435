create table automation_private.brokers (
    login name primary key,
    role_code text not null,
    granted_at timestamptz not null default clock_timestamp(),
    granted_by name not null default session_user
);

comment on table automation_private.brokers is
    'Login roles that may act for every registered organisation: the platform''s backend, '
    'workers, the clock.';
