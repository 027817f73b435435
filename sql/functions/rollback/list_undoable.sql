create or replace function automation_private.list_undoable(
    p_org_id uuid,
    p_instance_id uuid,
    p_boundary_id uuid
)
returns table (
    org_id uuid,
    instance_id uuid,
    step_id uuid,
    step_order int,
    iteration_id uuid,
    completed_at timestamptz,
    compensate_order int
)
language sql
stable
begin atomic
    with recursive inside as (
        select s.step_id, s.step_order, s.status, s.step_type, s.iteration_id, s.completed_at
        from automation.workflow_steps as s
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and p_boundary_id = p_instance_id
        union all
        select s.step_id, s.step_order, s.status, s.step_type, s.iteration_id, s.completed_at
        from automation_private.list_inside(p_org_id, p_instance_id, p_boundary_id) as s
        union all
        select s.step_id, s.step_order, s.status, s.step_type, s.iteration_id, s.completed_at
        from inside as i
        cross join lateral automation_private.list_inside(
            p_org_id, p_instance_id, i.step_id
        ) as s
        where p_boundary_id <> p_instance_id
            and i.step_type in ('split', 'loop', 'iteration', 'scope')
    )

    select
        p_org_id, p_instance_id, s.step_id, s.step_order, s.iteration_id, s.completed_at,
        d.compensate_order
    from inside as s
    inner join automation.workflow_instances as i
        on i.org_id = p_org_id and i.instance_id = p_instance_id
    inner join automation.workflow_definition_steps as d
        on d.org_id = p_org_id
            and d.definition_id = i.definition_id
            and d.step_order = s.step_order
    where s.status = 'completed'
        and s.step_type = 'action'
        and d.compensate_order is not null
        and not exists (
            select from automation_private.undo_steps as u
            where u.org_id = p_org_id
                and u.instance_id = p_instance_id
                and u.step_id = s.step_id
            offset 0
        );
end;

comment on function automation_private.list_undoable(uuid, uuid, uuid) is
    'The completed activations in an instance or scope that can be undone and have not been.';
