create type automation_private.moved_scope as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    step_order int,
    step_type text,
    scope_id uuid,
    iteration_id uuid,
    live int,
    arrived_before int,
    arrived int,
    merge_order int
);

comment on type automation_private.moved_scope is
    'A scope that tokens have just left or arrived in: how many are left, how many have arrived at '
    'the merge before and now.';
