create table automation_private.event_keys (
    org_id uuid not null,
    event text not null,
    dedupe_key text not null,
    event_id bigint not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, event, dedupe_key)
);

comment on table automation_private.event_keys is
    'Keys that callers gave to events: the same key of the same event never counts twice.';
