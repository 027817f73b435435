create or replace function automation_private.describe_types(p_types jsonb)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select string_agg(automation_private.describe_type(t.name), ' or ' order by t.ordinality)
        from jsonb_array_elements_text(
            case jsonb_typeof(p_types) when 'array' then p_types else jsonb_build_array(p_types) end
        ) with ordinality as t (name, ordinality)
    );
end;
$$;

comment on function automation_private.describe_types(jsonb) is
    'The type, or list of types, of a JSON Schema in plain words.';
