create or replace function automation_private.decide_turn(
    p_step automation.workflow_definition_steps,
    p_state automation_private.loop_states,
    p_running int,
    p_iteration_id uuid,
    p_now timestamptz,
    p_timezone text
)
returns automation_private.turn_verdict
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kind constant text := p_step.options ->> 'kind';
    v_most constant int := (p_step.options ->> 'max_iterations')::int;
    v_is_enough boolean;
    v_goes_on boolean;
    v_starts int;
begin
    if p_state.has_gone_on then
        return (
            case p_running when 0 then 'ended' else 'wait' end, 0, null
        )::automation_private.turn_verdict;
    elsif p_state.items > v_most then
        return automation_private.loop_overrun(v_most);
    elsif p_state.failed > automation_private.tolerated_failures(
        p_step.options -> 'tolerated_failures', coalesce(p_state.items, p_state.started)
    ) then
        return ('fail', 0, p_state.failure)::automation_private.turn_verdict;
    end if;
    v_is_enough := automation_private.is_loop_complete(
        p_step, p_state, p_iteration_id, p_now, p_timezone
    );
    if v_is_enough then
        return (
            case
                when p_running = 0 or coalesce((p_step.options ->> 'cancel_rest')::boolean, true)
                    then 'complete'
                else 'go_on'
            end,
            0, null
        )::automation_private.turn_verdict;
    elsif v_is_enough is null then
        return ('fail', 0, automation_private.error_object(
            'condition_error', 'invalid', '"complete_when" could not be decided'
        ))::automation_private.turn_verdict;
    end if;
    if v_kind = 'over' then
        v_starts := least(
            (p_step.options ->> 'max_concurrency')::int - p_running,
            p_state.items - p_state.started
        );
        return (
            case
                when v_starts > 0 then 'start'
                when p_running > 0 then 'wait'
                else 'complete'
            end,
            greatest(v_starts, 0), null
        )::automation_private.turn_verdict;
    elsif p_running > 0 then
        return ('wait', 0, null)::automation_private.turn_verdict;
    end if;
    v_goes_on := v_kind = 'until' and p_state.started = 0 or automation_private.loop_condition(
        p_step, p_step.condition, p_step.derived, p_state, p_iteration_id, p_now, p_timezone
    ) = (v_kind = 'while');
    return case
        when v_goes_on is null then ('fail', 0, automation_private.error_object(
            'condition_error', 'invalid', format('"%s" could not be decided', v_kind)
        ))::automation_private.turn_verdict
        when not v_goes_on then ('complete', 0, null)::automation_private.turn_verdict
        when p_state.started >= v_most then automation_private.loop_overrun(v_most)
        else ('start', 1, null)::automation_private.turn_verdict
    end;
end;
$$;

comment on function automation_private.decide_turn(
    automation.workflow_definition_steps, automation_private.loop_states, int, uuid,
    timestamptz, text
) is
    'What follows in a loop, from its bounds, failures, complete_when, and its list or condition.';
