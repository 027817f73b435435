create type automation_private.compiled_step as (
    pointer text,
    step_key text,
    step_name text,
    step_type text,
    runs text,
    action text,
    roots text[],
    params jsonb,
    bindings jsonb,
    reads text[],
    condition jsonpath,
    derived jsonb,
    cases jsonb,
    branch_names text[],
    save_as text,
    saves text,
    retry jsonb,
    timeout_is_set boolean,
    mutex text,
    options jsonb,
    result jsonb,
    result_bindings jsonb,
    compensation jsonb,
    source jsonb,
    links automation_private.step_link[],
    errors jsonb
);

comment on type automation_private.compiled_step is
    'A step as far as it can be compiled alone: what workflow_definition_steps stores, with links '
    'for the orders of other steps, and its errors.';
comment on column automation_private.compiled_step.roots is
    'The names that loops of the definition give to their items.';
