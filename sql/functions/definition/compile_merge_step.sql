create or replace function automation_private.compile_merge_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source constant jsonb := p_step.source;
    v_wait_for constant jsonb := case v_source ->> 'wait_for'
        when 'any' then '1' else coalesce(v_source -> 'wait_for', '"all"')
    end;
begin
    p_step.runs := 'merge';
    p_step.options := jsonb_build_object(
        'wait_for', v_wait_for,
        'cancel_rest', coalesce(v_source -> 'cancel_rest', to_jsonb(
            jsonb_typeof(v_wait_for) = 'number'
        ))
    );
    p_step.errors := automation_private.collect_errors(
        p_step.errors, automation_private.check_merge(v_source, p_pointer)
    );
    if v_source ? 'split' then
        p_step := automation_private.add_link(p_step, 'split', v_source, 'split', p_pointer);
    end if;
    if jsonb_typeof(v_source -> 'from') = 'array' then
        p_step.links := p_step.links || array(
            select (
                'from', f.value #>> '{}', format('%s/from/%s', p_pointer, f.ordinality - 1)
            )::automation_private.step_link
            from jsonb_array_elements(v_source -> 'from') with ordinality as f
            where jsonb_typeof(f.value) = 'string' and f.ordinality <= 500
            order by f.ordinality
        );
    end if;
    return automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
end;
$$;

comment on function automation_private.compile_merge_step(automation_private.compiled_step, text) is
    'A merge step, which joins branches of its split, or one arrival from each of some steps.';
