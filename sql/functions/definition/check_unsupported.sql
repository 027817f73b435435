create or replace function automation_private.check_unsupported(
    p_object jsonb,
    p_keys text[],
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
            automation_private.append_pointer(p_pointer, k.name), 'unsupported_key',
            format('"%s" is not supported', k.name), 'leave it out'
        ) order by k.ordinality)
        from unnest(p_keys) with ordinality as k (name, ordinality)
        where p_object ? k.name
    );
end;
$$;

comment on function automation_private.check_unsupported(jsonb, text[], text) is
    'An error for every key that belongs to the language but is not carried out: better refused '
    'than passed over.';
