create or replace function automation_private.check_value(
    p_schema jsonb, p_value jsonb, p_pointer text, p_templated boolean
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := jsonb_typeof(p_value);
    v_is_open boolean := p_templated and position('{{' in p_value::text) > 0;
    v_errors jsonb := '[]'::jsonb;
begin
    if v_is_open and v_type = 'string' then
        return null;
    elsif not automation_private.has_json_type(p_value, p_schema -> 'type') then
        return jsonb_build_array(automation_private.build_error(p_pointer, 'type',
            format('must be %s, not %s', automation_private.describe_types(p_schema -> 'type'),
                case v_type when 'number' then left(p_value #>> '{}', 40)
                    else automation_private.describe_type(v_type) end),
            p_schema ->> 'description'));
    end if;

    if p_schema ? 'const' and p_value <> p_schema -> 'const' and not v_is_open then
        v_errors := v_errors || automation_private.build_error(p_pointer, 'const',
            format('must be %s', left((p_schema -> 'const')::text, 100)),
            p_schema ->> 'description');
    end if;
    if p_schema ? 'enum' and not v_is_open
        and p_value <> all (array(select jsonb_array_elements(p_schema -> 'enum')))
    then
        v_errors := v_errors || automation_private.suggest_error(p_pointer, 'enum',
            format('%s is not allowed here', left(p_value::text, 64)), left(p_value #>> '{}', 64),
            array(select jsonb_array_elements_text(p_schema -> 'enum')));
    end if;

    v_errors := v_errors || coalesce(case v_type
        when 'string' then automation_private.check_text_value(p_schema, p_value, p_pointer)
        when 'number' then automation_private.check_number_value(p_schema, p_value, p_pointer)
        when 'array' then
            automation_private.check_list_value(p_schema, p_value, p_pointer, p_templated)
        when 'object' then
            automation_private.check_object_value(p_schema, p_value, p_pointer, p_templated)
    end, '[]');
    if p_schema ?| array['anyOf', 'oneOf'] then
        v_errors := v_errors || coalesce(automation_private.check_alternatives(
            p_schema, p_value, p_pointer, p_templated), '[]');
    end if;
    return nullif(v_errors, '[]');
end;
$$;

comment on function automation_private.check_value(jsonb, jsonb, text, boolean) is
    'The errors of a value against one JSON Schema, without the hints that finish_errors adds; '
    'null when it fits.';
