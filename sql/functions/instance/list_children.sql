create or replace function automation_private.list_children(p_org_id uuid, p_instance_id uuid)
returns jsonb
language sql
stable
return (
    select coalesce(jsonb_agg(
        jsonb_build_object(
            'instance_id', c.instance_id, 'step', c.trigger_data ->> 'step',
            'template_id', c.template_id, 'status', c.status,
            'is_awaited', c.parent_step_id is not null,
            'started_at', c.started_at, 'completed_at', c.completed_at
        ) order by c.instance_id
    ), '[]')
    from (
        select x.*
        from automation.workflow_instances as x
        where x.org_id = p_org_id and x.parent_instance_id = p_instance_id
        order by x.instance_id desc
        limit 100
    ) as c
);

comment on function automation_private.list_children(uuid, uuid) is
    'The newest hundred sub-workflows of an instance, in the order in which they were started.';
