create or replace function automation_private.turn_result(
    p_turn automation_private.outcome
)
returns automation_private.rendered
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_step record;
    v_result automation_private.rendered;
begin
    if p_turn.status <> 'completed' then
        return (null, p_turn.error)::automation_private.rendered;
    end if;
    select d.result, d.result_bindings, d.reads, i.timezone into strict v_step
    from automation.workflow_steps as s
    inner join automation.workflow_instances as i
        on i.org_id = s.org_id and i.instance_id = s.instance_id
    inner join automation.workflow_definition_steps as d
        on d.org_id = i.org_id
            and d.definition_id = i.definition_id
            and d.step_order = s.step_order
    where s.org_id = p_turn.org_id
        and s.instance_id = p_turn.instance_id
        and s.step_id = p_turn.step_id;
    if v_step.result is null then
        v_result.value := automation_private.last_output(
            p_turn.org_id, p_turn.instance_id, p_turn.step_id
        );
        return v_result;
    end if;
    v_result := case
        when v_step.result_bindings is null
            then (v_step.result, null)::automation_private.rendered
        else automation_private.render(
            v_step.result, v_step.result_bindings,
            automation_private.read_context(
                p_turn.org_id, p_turn.instance_id, p_turn.step_id, v_step.reads, v_now
            ),
            v_now, v_step.timezone
        )
    end;
    v_result.error := coalesce(
        v_result.error, automation_private.output_fault(v_result.value)
    );
    if v_result.error is not null then
        v_result.error := '{"class": "invalid"}' || v_result.error;
        v_result.value := null;
    end if;
    return v_result;
end;
$$;

comment on function automation_private.turn_result(automation_private.outcome) is
    'What a turn of a loop results in: the loop''s "result", else the output of the step that '
    'completed last in it; or why it has failed.';
