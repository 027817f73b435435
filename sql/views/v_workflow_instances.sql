create or replace view automation.v_workflow_instances
with (security_invoker = true) as
select
    i.org_id,
    i.instance_id,
    i.template_id,
    i.instance_name,
    d.source as workflow_definition,
    i.context_data,
    i.trigger_type,
    i.trigger_data,
    i.triggered_by,
    i.triggered_at,
    i.status,
    c.current_step_id,
    c.steps_completed,
    c.steps_failed,
    i.steps_total,
    i.started_at,
    i.completed_at,
    i.execution_time_seconds,
    i.execution_results,
    i.stop_reason,
    i.error_message,
    i.error_details,
    i.created_at,
    i.updated_at
from automation.workflow_instances as i
inner join automation.workflow_definitions as d
    on i.org_id = d.org_id and i.definition_id = d.definition_id
cross join lateral (
    select
        count(*) filter (where s.status = 'completed') as steps_completed,
        count(*) filter (where s.status = 'failed') as steps_failed,
        (
            array_agg(s.step_id order by s.step_id desc) filter (
                where s.status in ('pending', 'running', 'waiting')
            )
        )[1] as current_step_id
    from automation.workflow_steps as s
    where s.org_id = i.org_id
        and s.instance_id = i.instance_id
        and s.step_type <> 'iteration'
) as c;

comment on view automation.v_workflow_instances is
    'workflow_instances with the definition they run and their progress as it is now.';
