create or replace view automation.v_workflow_timeline
with (security_invoker = true) as
select
    i.org_id,
    (i.started_at at time zone automation.org_timezone())::date as execution_date,
    t.template_name,
    t.category,
    count(*) as total_executions,
    count(*) filter (where i.status = 'completed') as completed,
    count(*) filter (where i.status = 'failed') as failed,
    round(avg(i.execution_time_seconds), 3) as avg_execution_time,
    sum(
        case
            when i.completed_at is null then i.activations
            else i.steps_completed + i.steps_failed
        end
    ) as total_steps_executed
from automation.workflow_instances as i
inner join automation.workflow_templates as t
    on i.org_id = t.org_id and i.template_id = t.template_id
group by i.org_id, execution_date, t.template_name, t.category;

comment on view automation.v_workflow_timeline is
    'Workflow executions per day (in the organisation''s timezone) and template: how many, how '
    'they ended, average duration in seconds, steps executed.';
