create type automation_private.settled as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    step_order int,
    step_key text,
    step_type text,
    runs text,
    scope_id uuid,
    iteration_id uuid,
    fate text,
    output jsonb,
    error jsonb,
    execution_time_ms int,
    branch text,
    next_order int,
    retry_at timestamptz,
    saves text,
    save_as text,
    output_is_read boolean,
    timeout_is_set boolean,
    mutex text,
    is_kept boolean,
    position bigint
);

comment on type automation_private.settled is
    'An outcome and what follows from it: completed, skipped, cancelled, retry, continued '
    '(on_error) or fatal.';
