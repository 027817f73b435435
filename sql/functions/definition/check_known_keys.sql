create or replace function automation_private.check_known_keys(
    p_object jsonb,
    p_known text[],
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_object - p_known = '{}' then
        return null;
    end if;
    return (
        select jsonb_agg(automation_private.suggest_error(
            automation_private.append_pointer(p_pointer, left(k.name, 100)), 'unknown_key',
            format('"%s" is not a key here', left(k.name, 100)), k.name, p_known
        ) order by k.name)
        from jsonb_object_keys(p_object - p_known) as k (name)
        where not starts_with(k.name, 'x-')
    );
end;
$$;

comment on function automation_private.check_known_keys(jsonb, text[], text) is
    'An error for every key of the object that is not known; keys that begin with x- are '
    'anybody''s.';
