create or replace function automation_private.check_key_list(
    p_object jsonb,
    p_key text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_object -> p_key) = 'array' and p_object -> p_key <> '[]' then
        return null;
    end if;
    return coalesce(
        automation_private.check_one_of(p_object, array[p_key], p_pointer),
        automation_private.check_key_type(p_object, p_key, array['array'], p_pointer),
        automation_private.build_error(
            automation_private.append_pointer(p_pointer, p_key), 'empty_list',
            format('"%s" must have at least one entry', p_key)
        )
    );
end;
$$;

comment on function automation_private.check_key_list(jsonb, text, text) is
    'The error of a key that must hold a list with something in it.';
