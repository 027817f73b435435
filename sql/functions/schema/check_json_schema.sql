create or replace function automation_private.check_json_schema(
    p_schema jsonb, p_value jsonb, p_pointer text default '', p_templated boolean default false
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.finish_errors(
        automation_private.check_value(p_schema, p_value, p_pointer, p_templated));
end;
$$;

comment on function automation_private.check_json_schema(jsonb, jsonb, text, boolean) is
    'The errors of a value against a JSON Schema that passed check_schema_document; null when it '
    'fits. With p_templated any text that holds {{ fits anywhere: what it will come to is not '
    'known yet.';
