create type automation_private.lineage as (
    root_id uuid,
    parent_instance_id uuid,
    parent_step_id uuid,
    depth int,
    trigger_type text,
    triggered_by uuid,
    triggered_login name
);

comment on type automation_private.lineage is
    'Where a sub-workflow comes from. Without a root it is a family of its own: nobody waits for '
    'it.';
