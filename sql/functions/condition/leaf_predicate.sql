create or replace function automation_private.leaf_predicate(
    p_op text, p_subject text, p_rights text[], p_nullable boolean, p_arithmetic boolean
)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_symbol text := '{"eq": "==", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}'::jsonb ->> p_op;
    v_test text := case
        when p_op = 'eq' and p_nullable then '%1$s == %2$s && %1$s != null'
        when v_symbol is not null and p_nullable
            then '+%1$s ' || v_symbol || ' +%2$s && %1$s != null && %2$s != null'
        when v_symbol is not null then '%1$s ' || v_symbol || ' %2$s'
        when p_op = 'between' and p_nullable then '+%1$s >= +%2$s && +%1$s <= +%3$s'
            ' && %1$s != null && %2$s != null && %3$s != null'
        when p_op = 'between' then '%1$s >= %2$s && %1$s <= %3$s'
        when p_op = 'within' then '%1$s > %2$s && %1$s <= %3$s'
        when p_op = 'time_between' and p_rights[1]::int < p_rights[2]::int
            then '%1$s >= %2$s && %1$s < %3$s'
        when p_op = 'time_between' then '(%1$s >= %2$s || %1$s < %3$s)' end;
    v_item text := format(v_test, '@', p_rights[1], p_rights[2]);
    v_scalar text := format(v_test, p_subject, p_rights[1], p_rights[2]);
    v_predicate text;
begin
    if p_op = 'in' then
        v_item := (select string_agg('@ == ' || r, ' || ') from unnest(p_rights) as r);
        v_scalar := case when p_arithmetic
            then (select string_agg(p_subject || ' == ' || r, ' || ') from unnest(p_rights) as r)
            else p_subject || ' == ' || p_rights[1] end;
    end if;

    if p_arithmetic then
        return '(' || v_scalar || ')';
    elsif p_op = 'is_set' then
        return format('(%s.type() != "null")', p_subject);
    elsif p_op = 'is_empty' then
        return format('(!(%1$s.type() != "null") || %1$s.type() == "string" && %1$s like_regex %2$s'
            ' || %1$s.type() == "array" && !exists(%1$s[*])'
            ' || %1$s.type() == "object" && !exists(%1$s.*))',
            p_subject,
            to_jsonb('^[ \t\n\v\f\r\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000]*$'::text));
    elsif v_symbol is not null and (p_op = 'eq' or not p_nullable) then
        v_predicate := format('(%1$s && (%2$s.type() != "array" || exists(%2$s ? (%3$s))))',
            v_scalar, p_subject, v_item);
    else
        v_predicate := automation_private.some_item(p_subject, v_item, v_scalar);
    end if;
    return case when p_nullable
        then automation_private.guard_lists(p_subject, p_rights, v_predicate)
        else v_predicate end;
end
$$;

comment on function automation_private.leaf_predicate(text, text, text[], boolean, boolean) is
'One comparison as a jsonpath predicate about p_subject: true, false, or unknown when the types do
not fit. p_nullable: the right side may have no value, and is no literal.';
