create or replace function automation_private.list_family(p_org_id uuid, p_instance_id uuid)
returns uuid[]
language sql
stable
begin atomic
    with recursive family as (
        select p_instance_id as instance_id
        union all
        select c.instance_id
        from family as f
        inner join automation.workflow_instances as c
            on c.parent_instance_id = f.instance_id
                and c.org_id = p_org_id
                and c.parent_step_id is not null
                and c.status in ('pending', 'running', 'paused')
    )

    select array(select f.instance_id from family as f);
end;

comment on function automation_private.list_family(uuid, uuid) is
    'An instance and the open sub-workflows that it waits for, and theirs.';
