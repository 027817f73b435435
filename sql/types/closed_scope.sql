create type automation_private.closed_scope as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_order int,
    scope_id uuid,
    iteration int,
    arrived int,
    merge_order int
);

comment on type automation_private.closed_scope is
    'A split that has lost its last token: how many arrived, and at which merge.';
