create or replace function automation_private.check_one_of(
    p_object jsonb,
    p_keys text[],
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_present text[];
begin
    if cardinality(p_keys) = 1 and p_object ? p_keys[1] then
        return null;
    end if;
    v_present := array(select k.name from unnest(p_keys) as k (name) where p_object ? k.name);
    return case cardinality(v_present)
        when 1 then null
        when 0 then automation_private.build_error(
            p_pointer, 'missing_key',
            format('"%s" is needed', array_to_string(p_keys, '" or "'))
        )
        else automation_private.build_error(
            p_pointer, 'conflicting_keys',
            format('"%s" exclude each other', array_to_string(v_present, '" and "'))
        )
    end;
end;
$$;

comment on function automation_private.check_one_of(jsonb, text[], text) is
    'The error of an object that has none or several of the keys; null when it has exactly one.';
