create table automation.automation_events (
    org_id uuid not null,
    event_id bigint generated always as identity,
    batch_id bigint not null,
    event text not null,
    entity text,
    new jsonb,
    old jsonb,
    source text not null,
    causation jsonb,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (org_id, event_id)
);

comment on table automation.automation_events is
    'What happened: changes of watched tables that something listens to, and emitted events.';
comment on column automation.automation_events.entity is
    'The primary key of the row it happened to, as text.';
comment on column automation.automation_events.source is
    'The watched table that it was captured from, "emitted" by a client, a "webhook", "manual" (a '
    'rule that somebody ran) or "engine".';
comment on column automation.automation_events.causation is
    'Of an event that an automation caused: the instance, the first event of the chain, how deep '
    'in the chain it is and which rules have fired for what ("visited").';
