create type automation_private.visit as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    scope_id uuid,
    iteration_id uuid,
    from_order int,
    step_id uuid,
    step_order int,
    step_key text,
    step_type text,
    runs text,
    action text,
    value jsonb,
    branch text,
    next_order int,
    branches int[],
    due_at timestamptz,
    timeout interval,
    output_is_read boolean,
    error jsonb,
    definition_id uuid,
    attempt int,
    is_again boolean,
    mutex text
);

comment on type automation_private.visit is
    'A token that has entered a step: what the step says, what was rendered and decided.';
comment on column automation_private.visit.is_again is
    'Whether the activation exists already and is entered again.';
