create or replace function automation_private.check_unused(
    p_object jsonb,
    p_keys text[],
    p_why text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_object ?| p_keys then
        return null;
    end if;
    return (
        select jsonb_agg(automation_private.build_error(
            automation_private.append_pointer(p_pointer, k.name), 'unused_key',
            format('"%s" would have no effect here: %s', k.name, p_why), 'leave it out'
        ) order by k.ordinality)
        from unnest(p_keys) with ordinality as k (name, ordinality)
        where p_object -> k.name <> 'null'
    );
end;
$$;

comment on function automation_private.check_unused(jsonb, text[], text, text) is
    'An error for every key that is set although nothing would ever read it.';
