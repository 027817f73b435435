create or replace function automation_private.latest_child(p_step automation.workflow_steps)
returns automation.workflow_instances
language sql
stable
return (
    select c
    from automation.workflow_instances as c
    where c.parent_instance_id = p_step.instance_id
        and c.parent_step_id = p_step.step_id
        and c.org_id = p_step.org_id
    order by c.instance_id desc
    limit 1
);

comment on function automation_private.latest_child(automation.workflow_steps) is
    'The sub-workflow that an activation has waited for last.';
