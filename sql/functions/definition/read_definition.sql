create or replace function automation_private.read_definition(p_definition jsonb)
returns automation_private.compiled_definition
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_start text := case
        when jsonb_typeof(p_definition -> 'start') = 'string' then p_definition ->> 'start'
    end;
    v_roots constant text[] := automation_private.list_aliases(p_definition -> 'steps');
    v_output automation_private.compiled_template;
    v_result automation_private.compiled_definition;
begin
    v_result.steps := '{}';
    v_result.errors := automation_private.check_document(p_definition);
    if jsonb_typeof(p_definition) <> 'object' then
        return v_result;
    end if;

    v_result.input_schema := p_definition -> 'input';
    v_result.settings := automation_private.complete_settings(p_definition -> 'settings');
    if p_definition ? 'output' then
        v_output := automation_private.compile_template(
            p_definition -> 'output', v_roots, '/output'
        );
        v_result.output := v_output.value;
        v_result.output_bindings := v_output.bindings;
        v_result.output_reads := nullif(v_output.reads, '{}');
        v_result.errors := automation_private.collect_errors(
            v_result.errors,
            v_output.errors,
            case
                when 'secrets' = any (v_output.reads)
                    then automation_private.check_secrets(v_output.value, null, '/output')
            end
        );
    end if;

    if jsonb_typeof(p_definition -> 'steps') = 'array'
        and jsonb_array_length(p_definition -> 'steps') between 1 and 500
    then
        v_result.steps := array(
            select automation_private.compile_step(
                s.value, v_roots, '/steps/' || s.ordinality - 1
            )
            from jsonb_array_elements(p_definition -> 'steps') with ordinality as s
            order by v_start is not null and s.value ->> 'id' is distinct from v_start, s.ordinality
        );
        v_result := automation_private.connect_steps(v_result, v_start);
    end if;
    v_result.errors := automation_private.finish_errors(v_result.errors);
    return v_result;
end;
$$;

comment on function automation_private.read_definition(jsonb) is
    'A definition compiled, with all that is wrong with it in errors. Raises for no content.';
