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
    causation jsonb,
    stage text,
    events bigint[],
    gathered int,
    waiting_since timestamptz,
    details jsonb
);

comment on type automation_private.firing is
    'A rule or template whose condition an event met, or could not decide; with the reason when '
    'it does not fire.';
comment on column automation_private.firing.stage is
    'Of a firing that has waited: for what.';
comment on column automation_private.firing.events is
    'Of a firing that stands for several events: all of them.';
comment on column automation_private.firing.gathered is
    'How many events it stands for, also of those that are not kept.';
comment on column automation_private.firing.details is
    'More about why it does not fire, the limit, until when; of a threshold what was crossed.';
