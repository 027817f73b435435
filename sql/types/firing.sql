create type automation_private.firing as (
    org_id uuid,
    batch_id bigint,
    event_id bigint,
    listener_id uuid,
    kind text,
    version int,
    definition_id uuid,
    priority int,
    suppressed text,
    fails boolean,
    causation jsonb
);

comment on type automation_private.firing is
    'A rule or template whose condition an event met, or could not decide; with the reason when '
    'it does not fire.';
