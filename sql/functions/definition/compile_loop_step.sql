create or replace function automation_private.compile_loop_step(
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
    v_kind constant text := case
        when v_source ? 'over' then 'over'
        when v_source ? 'until' then 'until'
        else 'while'
    end;
    v_condition automation_private.compiled_condition;
begin
    p_step.runs := 'loop';
    p_step.errors := automation_private.collect_errors(
        p_step.errors, automation_private.check_loop(v_source, v_kind, p_pointer)
    );
    p_step := automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
    p_step := automation_private.add_link(p_step, 'body', v_source, 'body', p_pointer);
    p_step.options := jsonb_strip_nulls(jsonb_build_object(
        'kind', v_kind,
        'as', v_source -> 'as',
        'max_iterations', coalesce(v_source -> 'max_iterations', '1000'),
        'max_concurrency', coalesce(v_source -> 'max_concurrency', '1'),
        'cancel_rest', coalesce(v_source -> 'cancel_rest', 'true'),
        'tolerated_failures', coalesce(v_source -> 'tolerated_failures', '0')
    ));
    if v_source ? 'over' then
        p_step.params := p_step.params || jsonb_build_object('over', v_source -> 'over');
    elsif v_source ? v_kind then
        v_condition := automation_private.compile_condition(
            v_source -> v_kind, 'step', p_step.roots, p_pointer || '/' || v_kind
        );
        p_step.condition := v_condition.path;
        p_step.derived := v_condition.derived;
        p_step.errors := automation_private.collect_errors(p_step.errors, v_condition.errors);
        p_step := automation_private.add_reads(
            p_step, v_condition.reads, p_pointer || '/' || v_kind, 'reads_loop'
        );
    end if;
    p_step := automation_private.compile_loop_end(p_step, p_pointer);
    return p_step;
end;
$$;

comment on function automation_private.compile_loop_step(automation_private.compiled_step, text) is
    'A loop step: its body runs once per item of a list, or as long as a condition says.';
