create or replace function automation_private.list_guard(p_subject text, p_rights text[])
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Two lists are compared pair by pair.
    v_guard constant text := '(%1$s.type() != "array" || %1$s.size() * %2$s.size() <= 250000)';
begin
    return coalesce((
        select string_agg(format(v_guard, regexp_replace(r, '\[\*\](\."([^"\\]|\\.)*"|\[\d+\])*$', ''),
            p_subject), ' && ') || ' && '
        from unnest(p_rights) as r
        where r like '$%'
    ), '');
end
$$;

comment on function automation_private.list_guard(text, text[]) is
'What stands before a comparison of fields, so that two long lists never match instead of taking
minutes: beyond a quarter of a million pairs the predicate is false.';
