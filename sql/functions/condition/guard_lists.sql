create or replace function automation_private.guard_lists(
    p_subject text, p_rights text[], p_predicate text
)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_too_long text := (
        select string_agg(format('%1$s.type() == "array" && %2$s.type() == "array" '
            '&& %1$s.size() * %2$s.size() > 250000', list.path, p_subject), ' || ')
        from (
            select regexp_replace(r, '\[\*\](\."([^"\\]|\\.)*"|\[\d+\])*$', '') as path
            from unnest(p_rights) as r
            where r like '$%'
        ) as list
    );
begin
    -- Two lists are compared pair by pair, which takes minutes when both are long.
    return case when v_too_long is null then p_predicate
        else format('((%1$s) && 1 == "a" || !(%1$s) && %2$s)', v_too_long, p_predicate) end;
end
$$;

comment on function automation_private.guard_lists(text, text[], text) is
'The predicate of a comparison of fields, made unknown when both are lists and form more than a
quarter of a million pairs.';
