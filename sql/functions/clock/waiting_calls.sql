create or replace function automation_private.waiting_calls(
    p_timers automation_private.due_timer[]
)
returns table (step_id uuid, runs text, call automation_private.action_call)
language sql
stable
begin atomic
    select
        s.step_id, d.runs,
        (
            s.org_id, s.instance_id, t.root_id, s.step_id, s.step_key, d.action, s.input_data,
            s.attempt, s.timeout_after
        )::automation_private.action_call
    from unnest(p_timers) as t
    inner join automation.workflow_instances as i
        on t.org_id = i.org_id and t.instance_id = i.instance_id and i.status = 'running'
    inner join automation.workflow_steps as s
        on t.org_id = s.org_id
            and t.instance_id = s.instance_id
            and t.step_id = s.step_id
            and s.status = 'waiting'
    inner join automation.workflow_definition_steps as d
        on i.org_id = d.org_id
            and i.definition_id = d.definition_id
            and s.step_order = d.step_order
    where t.kind = 'retry' and d.runs in ('external', 'native');
end;

comment on function automation_private.waiting_calls(automation_private.due_timer[]) is
    'The actions whose next attempt is due, rebuilt from their activations.';
