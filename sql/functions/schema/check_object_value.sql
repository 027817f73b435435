create or replace function automation_private.check_object_value(
    p_schema jsonb, p_value jsonb, p_pointer text, p_templated boolean
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_properties jsonb := coalesce(p_schema -> 'properties', '{}');
    v_others jsonb := coalesce(p_schema -> 'additionalProperties', 'true');
    v_errors jsonb;
    v_entry record;
    v_schema jsonb;
begin
    v_errors := coalesce((
        select jsonb_agg(automation_private.build_error(
            automation_private.append_pointer(p_pointer, r.name), 'required',
            format('"%s" is missing', r.name), v_properties -> r.name ->> 'description'
        ) order by r.ordinality)
        from jsonb_array_elements_text(p_schema -> 'required')
            with ordinality as r (name, ordinality)
        where not p_value ? r.name
    ), '[]');

    for v_entry in select e.key, e.value from jsonb_each(p_value) as e loop
        v_schema := coalesce(v_properties -> v_entry.key, v_others);
        if v_schema = 'false' then
            v_errors := v_errors || automation_private.suggest_error(
                automation_private.append_pointer(p_pointer, left(v_entry.key, 100)), 'unknown_key',
                format('unknown key "%s"', left(v_entry.key, 100)), v_entry.key,
                array(select jsonb_object_keys(v_properties)));
        elsif v_schema <> 'true' then
            v_errors := v_errors || coalesce(automation_private.check_value(v_schema, v_entry.value,
                automation_private.append_pointer(p_pointer, v_entry.key), p_templated), '[]');
        end if;
        exit when jsonb_array_length(v_errors) >= 100;
    end loop;
    return nullif(v_errors, '[]');
end;
$$;

comment on function automation_private.check_object_value(jsonb, jsonb, text, boolean) is
    'The errors of an object: missing and unknown keys, and each value (the first hundred); null '
    'when it fits.';
