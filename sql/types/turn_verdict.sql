create type automation_private.turn_verdict as (
    verdict text,
    starts int,
    error jsonb
);

comment on type automation_private.turn_verdict is
    'start (so many turns), wait, complete, go_on, fail or ended.';
