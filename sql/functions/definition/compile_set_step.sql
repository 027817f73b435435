create or replace function automation_private.compile_set_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source jsonb := p_step.source;
    v_name text;
    v_value jsonb;
begin
    p_step.runs := 'set';
    p_step := automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
    p_step.params := p_step.params || '{"values": {}}';
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(v_source, array['values', 'scope'], p_pointer),
        automation_private.check_key_choice(
            v_source, 'scope', array['iteration'], 'unknown_mode', p_pointer
        ),
        automation_private.check_one_of(v_source, array['values'], p_pointer),
        automation_private.check_key_type(v_source, 'values', array['object'], p_pointer),
        case
            when v_source -> 'values' = '{}' then automation_private.build_error(
                p_pointer || '/values', 'empty_list', '"values" must set at least one variable'
            )
        end
    );
    if v_source ->> 'scope' = 'iteration' then
        p_step.options := '{"scope": "iteration"}';
        p_step := automation_private.add_reads(
            p_step, '{loop}', p_pointer || '/scope', 'reads_place'
        );
    end if;
    for v_name, v_value in
        select v.key, v.value
        from jsonb_each(
            case jsonb_typeof(v_source -> 'values') when 'object' then v_source -> 'values' end
        ) as v
    loop
        p_step := automation_private.compile_assignment(
            p_step, v_name, v_value,
            automation_private.append_pointer(p_pointer || '/values', left(v_name, 100))
        );
    end loop;
    return p_step;
end;
$$;

comment on function automation_private.compile_set_step(automation_private.compiled_step, text) is
    'A set step, which assigns variables.';
