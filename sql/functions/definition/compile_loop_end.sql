create or replace function automation_private.compile_loop_end(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source constant jsonb := p_step.source;
    v_condition automation_private.compiled_condition;
    v_result automation_private.compiled_template;
begin
    if jsonb_typeof(v_source -> 'complete_when') = 'number' then
        p_step.options := p_step.options
            || jsonb_build_object('complete_when', v_source -> 'complete_when');
    elsif v_source ? 'complete_when' then
        v_condition := automation_private.compile_condition(
            v_source -> 'complete_when', 'step', p_step.roots, p_pointer || '/complete_when'
        );
        p_step.cases := jsonb_build_array(jsonb_build_object(
            'name', 'complete_when',
            'path', v_condition.path::text,
            'derived', v_condition.derived
        ));
        p_step.errors := automation_private.collect_errors(p_step.errors, v_condition.errors);
        p_step := automation_private.add_reads(
            p_step, v_condition.reads, p_pointer || '/complete_when', 'reads_loop'
        );
    end if;
    if v_source ? 'result' then
        v_result := automation_private.compile_template(
            v_source -> 'result', p_step.roots, p_pointer || '/result'
        );
        p_step.result := v_result.value;
        p_step.result_bindings := v_result.bindings;
        p_step.errors := automation_private.collect_errors(
            p_step.errors,
            v_result.errors,
            case
                when 'secrets' = any (v_result.reads) then automation_private.check_secrets(
                    v_result.value, null, p_pointer || '/result'
                )
            end
        );
        p_step := automation_private.add_reads(
            p_step, array_remove(v_result.reads, 'secrets'), p_pointer || '/result', 'reads_turn'
        );
    end if;
    return p_step;
end;
$$;

comment on function automation_private.compile_loop_end(automation_private.compiled_step, text) is
    'A loop step with what ends it early, and what each of its turns results in.';
