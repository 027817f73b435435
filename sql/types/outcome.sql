create type automation_private.outcome as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    status text,
    output jsonb,
    error jsonb,
    execution_time_ms int
);

comment on type automation_private.outcome is
    'How an activation that stood open went: completed with an output or failed with an error.';
