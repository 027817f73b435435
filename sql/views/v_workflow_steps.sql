create or replace view automation.v_workflow_steps
with (security_invoker = true) as
select
    s.org_id,
    s.instance_id,
    s.step_id,
    coalesce(d.step_name, s.step_key) as step_name,
    s.step_key,
    s.step_type,
    s.step_order,
    d.source as step_config,
    s.status,
    s.started_at,
    s.completed_at,
    s.execution_time_ms,
    s.input_data,
    s.output_data,
    s.error ->> 'message' as error_message,
    s.error as error_details,
    s.attempt - 1 as retry_count,
    greatest(coalesce((d.retry ->> 'max_attempts')::int, 1) - 1, 0) as max_retries,
    s.branch_taken,
    s.started_at as created_at,
    coalesce(s.completed_at, s.started_at) as updated_at,
    coalesce(s.iteration, t.iteration) as iteration,
    f.step_key as from_step,
    s.scope_id,
    o.step_key as scope
from automation.workflow_steps as s
inner join automation.workflow_instances as i
    on s.org_id = i.org_id and s.instance_id = i.instance_id
left join automation.workflow_definition_steps as d
    on i.org_id = d.org_id and i.definition_id = d.definition_id and s.step_order = d.step_order
left join automation.workflow_definition_steps as f
    on i.org_id = f.org_id and i.definition_id = f.definition_id and s.from_order = f.step_order
left join automation.workflow_steps as o
    on s.org_id = o.org_id and s.instance_id = o.instance_id and s.scope_id = o.step_id
left join automation.workflow_steps as t
    on s.org_id = t.org_id and s.instance_id = t.instance_id and s.iteration_id = t.step_id;

comment on view automation.v_workflow_steps is
    'workflow_steps with what the definition adds: name, configuration, allowed retries. Turns of '
    'loops have rows of their own (step_type "iteration").';
