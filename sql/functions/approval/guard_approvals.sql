create or replace function automation_private.guard_approvals(
    p_org_id uuid,
    p_instance_id uuid,
    p_step text default null
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- else whoever may run workflows could go past those who have to approve
    if exists (
        select
        from automation.workflow_instances as i
        inner join automation.workflow_definition_steps as d
            on i.org_id = d.org_id and i.definition_id = d.definition_id
        where i.org_id = p_org_id and i.instance_id = p_instance_id and d.runs = 'approval'
    ) and not exists (
        select
        from automation.workflow_instances as i
        inner join automation.workflow_definition_steps as d
            on i.org_id = d.org_id and i.definition_id = d.definition_id
        where i.org_id = p_org_id
            and i.instance_id = p_instance_id
            and d.step_key = p_step
            and d.runs not in ('approval', 'split', 'loop', 'scope', 'workflow')
    ) then
        perform automation_private.require_permission('admin');
    end if;
end;
$$;

comment on function automation_private.guard_approvals(uuid, uuid, text) is
    'Raises MA301 unless the caller is an administrator, where jumping, or skipping this step, '
    'might go past an approval.';
