create or replace function automation_private.check_schema_level(p_schema jsonb, p_pointer text)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_errors jsonb;
    v_refusal text;
    v_word text;
begin
    v_errors := automation_private.check_value(
        automation_private.list_schema_keywords(),
        p_schema - array(
            select k.name
            from jsonb_object_keys(p_schema) as k (name)
            where starts_with(k.name, 'x-')
        ),
        p_pointer, false);
    if v_errors is not null then
        return v_errors;
    end if;

    v_errors := '[]';
    if p_schema ? 'pattern' then
        v_refusal := automation_private.check_pattern(p_schema ->> 'pattern');
        if v_refusal is not null then
            v_errors := v_errors || automation_private.build_error(
                p_pointer || '/pattern', 'invalid_pattern', v_refusal);
        end if;
    end if;
    if p_schema -> 'additionalProperties' = 'false' then
        for v_word in
            select r.name from jsonb_array_elements_text(p_schema -> 'required') as r (name)
            where not coalesce(p_schema -> 'properties', '{}') ? r.name
        loop
            v_errors := v_errors || automation_private.suggest_error(p_pointer || '/required',
                'unknown_key', format('"%s" is required but is no property', left(v_word, 100)),
                v_word, array(select jsonb_object_keys(coalesce(p_schema -> 'properties', '{}'))));
        end loop;
    end if;
    return nullif(v_errors, '[]');
end;
$$;

comment on function automation_private.check_schema_level(jsonb, text) is
    'The errors in the keywords of one level of a JSON Schema; null when it can be used.';
