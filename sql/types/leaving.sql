create type automation_private.leaving as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    scope_id uuid,
    tokens int,
    arrived int,
    merge_order int,
    is_undo boolean
);

comment on type automation_private.leaving is
    'How many tokens leave a scope (negative: are added to it), and how many arrived at which '
    'merge.';
