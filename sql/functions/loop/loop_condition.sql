create or replace function automation_private.loop_condition(
    p_step automation.workflow_definition_steps,
    p_condition jsonpath,
    p_derived jsonb,
    p_state automation_private.loop_states,
    p_iteration_id uuid,
    p_now timestamptz,
    p_timezone text
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context jsonb := automation_private.read_context(
        p_state.org_id, p_state.instance_id, p_iteration_id, p_step.reads, p_now
    ) || jsonb_build_object(
        'loop', automation_private.loop_output(
            p_state, p_condition::text like '%"loop"."results"%'
        ) || jsonb_build_object('index', p_state.started)
    );
begin
    return jsonb_path_match(
        v_context, p_condition,
        automation_private.condition_vars(p_derived, v_context, p_now, p_timezone), true
    );
end;
$$;

comment on function automation_private.loop_condition(
    automation.workflow_definition_steps, jsonpath, jsonb, automation_private.loop_states, uuid,
    timestamptz, text
) is
    'A condition on a loop itself: loop.completed, failed, count, results, index (of the next '
    'turn), and everything else the loop''s step sees.';
