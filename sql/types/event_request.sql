create type automation_private.event_request as (
    item int,
    event_id bigint,
    event text,
    entity text,
    new jsonb,
    old jsonb,
    causation jsonb,
    dedupe_key text,
    occurred_at timestamptz,
    error jsonb
);

comment on type automation_private.event_request is
    'An event that somebody wants recorded; with an error when it is refused.';
