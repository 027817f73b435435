create or replace function automation_private.cancelled_children(
    p_ends automation_private.ending[]
)
returns automation_private.ending[]
language sql
stable
begin atomic
    with recursive below as (
        select c.org_id, c.instance_id, c.root_id
        from unnest(p_ends) as e
        inner join automation.workflow_instances as c
            on c.org_id = e.org_id
                and c.parent_instance_id = e.instance_id
                and c.parent_step_id is not null
                and c.stop_reason = 'parent_ended'
        union all
        select c.org_id, c.instance_id, c.root_id
        from below as b
        inner join automation.workflow_instances as c
            on c.org_id = b.org_id
                and c.parent_instance_id = b.instance_id
                and c.parent_step_id is not null
                and c.stop_reason = 'parent_ended'
    )

    select array(
        select (
            b.org_id, b.instance_id, b.root_id, 'cancelled', 'parent_ended', null, false
        )::automation_private.ending
        from below as b
    );
end;

comment on function automation_private.cancelled_children(automation_private.ending[]) is
    'The sub-workflows, at any depth, that were cancelled because instances had no more use for '
    'them.';
