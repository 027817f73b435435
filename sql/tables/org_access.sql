create table automation_private.org_access (
    login name not null,
    org_id uuid not null references automation_private.org_settings,
    role_code text not null,
    granted_at timestamptz not null default clock_timestamp(),
    granted_by name not null default session_user,
    primary key (login, org_id)
);

comment on table automation_private.org_access is
    'Which login role may act for which organisation, and as what when it names no user.';
