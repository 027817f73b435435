create type automation_private.loop_turn as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    iteration_id uuid,
    attempt int,
    started int,
    verdict text,
    starts int,
    error jsonb,
    output jsonb,
    body_order int,
    step_order int,
    step_key text,
    alias text,
    has_open_turns boolean
);

comment on type automation_private.loop_turn is
    'What follows in a loop: so many turns start, it waits for those that run, it completes, '
    'goes on without waiting for the rest, fails, or its last turn after that has ended.';
