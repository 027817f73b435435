create or replace function automation_private.check_schema_document(p_schema jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_level record;
    v_errors jsonb := '[]'::jsonb;
begin
    if jsonb_typeof(p_schema) is distinct from 'object' then
        return jsonb_build_array(automation_private.build_error(
            '', 'type', 'a schema must be an object'));
    elsif pg_column_size(p_schema) > 65536 then
        return jsonb_build_array(automation_private.build_error(
            '', 'too_large', 'a schema may have at most 64 KiB'));
    end if;

    for v_level in
        select s.schema, s.pointer, s.depth from automation_private.find_schemas(p_schema) as s
    loop
        if v_level.depth > 16 then
            v_errors := v_errors || automation_private.build_error(
                v_level.pointer, 'too_deep', 'schemas may be nested 16 deep');
        else
            v_errors := v_errors || coalesce(automation_private.check_schema_level(
                v_level.schema, v_level.pointer), '[]');
        end if;
        exit when jsonb_array_length(v_errors) >= 100;
    end loop;
    return automation_private.finish_errors(nullif(v_errors, '[]'));
end;
$$;

comment on function automation_private.check_schema_document(jsonb) is
    'The errors of a JSON Schema itself: unknown keywords, values they cannot have, patterns that '
    'are unsafe, required keys that are not allowed; null when check_json_schema can use it.';
