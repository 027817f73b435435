create or replace function automation_private.check_key_type(
    p_object jsonb,
    p_key text,
    p_types text[],
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_object ? p_key or jsonb_typeof(p_object -> p_key) = any (p_types) then
        return null;
    end if;
    return automation_private.build_error(
        automation_private.append_pointer(p_pointer, p_key), 'wrong_type',
        format(
            '"%s" must be %s, not %s', p_key,
            (
                select string_agg(automation_private.describe_type(t.name), ' or ')
                from unnest(p_types) as t (name)
            ),
            automation_private.describe_type(jsonb_typeof(p_object -> p_key))
        )
    );
end;
$$;

comment on function automation_private.check_key_type(jsonb, text, text[], text) is
    'The error of a key whose value is none of the JSON types; null when it is one, or absent.';
