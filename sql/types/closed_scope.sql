create type automation_private.closed_scope as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    step_order int,
    step_type text,
    scope_id uuid,
    iteration_id uuid,
    arrived int,
    merge_order int
);

comment on type automation_private.closed_scope is
    'A scope that has lost its last token: of a split, how many arrived, and at which merge.';
