create table automation.automation_audit (
    org_id uuid not null,
    audit_id uuid not null,
    happened_at timestamptz not null default clock_timestamp(),
    login name not null default session_user,
    user_id uuid,
    operation text not null,
    subject_type text not null,
    subject_id uuid,
    details jsonb,
    primary key (org_id, audit_id)
);

comment on table automation.automation_audit is
    'Who changed or decided what: login role, claimed user, operation, subject. Append-only.';
