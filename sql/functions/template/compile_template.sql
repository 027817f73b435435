create or replace function automation_private.compile_template(
    p_value jsonb, p_roots text[] default '{}', p_pointer text default ''
)
returns automation_private.compiled_template
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found record;
    v_pointer text;
    v_one automation_private.compiled_template;
    v_bindings jsonb[] := '{}'::jsonb[];
    v_secrets integer := 0;
    v_errors jsonb := '[]'::jsonb;
    v_result automation_private.compiled_template;
begin
    v_result.value := p_value;
    v_result.reads := '{}'::text[];
    if p_value is null or position('{{' in p_value::text) = 0 then
        return v_result;
    end if;

    for v_found in select f.at, f.template from automation_private.find_templates(p_value) as f loop
        v_pointer := p_pointer || automation_private.format_pointer(v_found.at);
        if cardinality(v_bindings) = 1000 then
            v_one := (null::jsonb, null::jsonb, null::text[], automation_private.build_error(
                p_pointer, 'too_large', 'at most 1000 texts may hold templates'));
        elsif v_found.template is null then
            v_one := (null::jsonb, null::jsonb, null::text[], automation_private.build_error(
                v_pointer, 'too_deep', 'templates may be nested 32 deep'));
        else
            v_one := automation_private.compile_text(v_found.template, p_roots, v_pointer);
        end if;
        v_errors := v_errors || coalesce(v_one.errors, '[]');
        exit when jsonb_array_length(v_errors) >= 100 or cardinality(v_bindings) = 1000;
        v_result.reads := v_result.reads || v_one.reads;
        if v_one.reads = '{secrets}' then
            v_secrets := v_secrets + 1;
        end if;
        if v_one.value is not null then
            v_result.value := case when v_found.at = '{}' then v_one.value
                else jsonb_set(v_result.value, v_found.at, v_one.value) end;
        elsif v_one.bindings is not null then
            v_bindings := v_bindings || (v_one.bindings || case when v_found.at = '{}' then '{}'
                else jsonb_build_object('at', v_found.at::text) end);
        end if;
    end loop;

    v_result.reads := array(select distinct r.name from unnest(v_result.reads) as r (name));
    v_result.errors := nullif(v_errors, '[]');
    if cardinality(v_bindings) > 0 then
        v_result.bindings := automation_private.shape_bindings(to_jsonb(v_bindings))
            || case when v_secrets = 0 then '{}' else jsonb_build_object('secrets', v_secrets) end;
    end if;
    return v_result;
end;
$$;

comment on function automation_private.compile_template(jsonb, text[], text) is
    'Finds and checks every {{ expression }} in the texts of a value, at any depth, for render. '
    'Never raises for bad input: all errors are listed, with pointers below p_pointer.';
