create or replace function automation_private.text_predicate(
    p_op text, p_subject text, p_needles jsonb, p_ci boolean
)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_needle text := p_needles ->> 0;
    v_item text;
    v_members text;
begin
    if p_op in ('starts_with', 'ends_with', 'matches') then
        v_item := case p_op
            when 'starts_with' then format('@ starts with %s', p_needles -> 0)
            when 'matches' then format('@ like_regex %s%s', p_needles -> 0,
                case when p_ci then ' flag "i"' else '' end)
            else format('@ like_regex %s', to_jsonb(
                regexp_replace(v_needle, '([][(){}.*+?^$|\\])', '\\\1', 'g') || '$')) end;
        return automation_private.some_item(p_subject, v_item, p_subject || ' < ""');
    end if;

    v_members := (
        select case p_op
            when 'contains_any' then format('exists(%s ? (%s))', p_subject,
                string_agg('@ == ' || n::text, ' || '))
            else string_agg(format('exists(%s ? (@ == %s))', p_subject, n), ' && ') end
        from jsonb_array_elements(p_needles) as n
    );
    if jsonb_typeof(p_needles -> 0) <> 'string' then
        return format('(%1$s.type() == "array" && %2$s || %1$s.type() != "array" '
            '&& %1$s.type() != "null" && 1 == "a")', p_subject, v_members);
    end if;
    v_item := (
        select string_agg(format('@ like_regex %s flag "q"', n),
            case p_op when 'contains_any' then ' || ' else ' && ' end)
        from jsonb_array_elements(p_needles) as n
    );
    return format('(%1$s.type() == "string" && exists(%1$s ? (%2$s)) || %1$s.type() == "array" '
        '&& %3$s || %1$s < "" && %1$s.type() != "array")', p_subject, v_item, v_members);
end
$$;

comment on function automation_private.text_predicate(text, text, jsonb, boolean) is
'A search in a text (or for a member of a list) as a jsonpath predicate about p_subject; other
types make it unknown.';
