create or replace function automation_private.is_loop_complete(
    p_step automation.workflow_definition_steps,
    p_state automation_private.loop_states,
    p_iteration_id uuid,
    p_now timestamptz,
    p_timezone text
)
returns boolean
language sql
stable
return case
    when p_state.completed + p_state.failed = 0 then false
    when p_step.options ? 'complete_when'
        then p_state.completed >= (p_step.options ->> 'complete_when')::int
    when p_step.cases is not null then automation_private.loop_condition(
        p_step, (p_step.cases #>> '{0,path}')::jsonpath,
        nullif(p_step.cases #> '{0,derived}', 'null'), p_state, p_iteration_id, p_now, p_timezone
    )
    else false
end;

comment on function automation_private.is_loop_complete(
    automation.workflow_definition_steps, automation_private.loop_states, uuid, timestamptz, text
) is
    'Whether "complete_when" holds: so many turns have completed, or its condition; null when that '
    'cannot be decided.';
