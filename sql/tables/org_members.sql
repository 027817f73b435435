create table automation.org_members (
    org_id uuid not null,
    user_id uuid not null,
    role_code text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, user_id)
);

comment on table automation.org_members is
    'The people of an organisation and their role; app.current_user_id names one of them.';
