create table automation_private.idempotency_keys (
    org_id uuid not null,
    idempotency_key text not null,
    template_id uuid not null,
    instance_id uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, idempotency_key)
);

comment on table automation_private.idempotency_keys is
    'Keys that callers gave when they started an instance: the same key never starts a second one.';
