create type automation_private.outcome as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    status text,
    output jsonb,
    error jsonb,
    execution_time_ms int,
    branch text
);

comment on type automation_private.outcome is
    'How an activation that stood open went: completed or skipped with an output, failed with an '
    'error, or cancelled.';
comment on column automation_private.outcome.branch is
    'Of a step with several ways on: the name of the case that was taken.';
