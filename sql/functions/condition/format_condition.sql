create or replace function automation_private.format_condition(
    p_node jsonb, p_nested boolean default false
)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_op text := p_node ->> 'op';
    v_key text := (select k from unnest('{all,any,none,not}'::text[]) as k where p_node ? k);
    v_value jsonb := p_node -> 'value';
    v_operator text;
    v_text text;
begin
    if v_key = 'not' then
        return 'not ' || automation_private.format_condition(p_node -> v_key, true);
    elsif v_key is not null then
        v_text := (
            select string_agg(automation_private.format_condition(n.node, true),
                case v_key when 'all' then ' and ' else ' or ' end order by n.at)
            from jsonb_array_elements(p_node -> v_key) with ordinality as n (node, at)
        );
        return case
            when v_key = 'none' then format('not (%s)', v_text)
            when p_nested then format('(%s)', v_text)
            else v_text end;
    end if;

    v_operator := coalesce(
        '{"eq": "=", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}'::jsonb ->> v_op,
        regexp_replace(v_op, '^(is_not|is|not)_', '\1 '));
    v_text := concat_ws(' ', p_node ->> 'quantifier', coalesce(p_node ->> 'field',
        automation_private.format_operand(p_node -> 'left')),
        replace(v_operator, 'is_not', 'is not'),
        case
            when v_value is null then null
            when v_op in ('between', 'not_between') then format('%s and %s',
                automation_private.format_operand(v_value -> 0),
                automation_private.format_operand(v_value -> 1))
            else automation_private.format_operand(v_value) end);
    return v_text || coalesce(' [type ' || (p_node ->> 'type') || ']', '')
        || case when p_node ? 'ci' then ' [ci]' else '' end
        || coalesce(' [rank ' || (
            select string_agg(r, ' < ') from jsonb_array_elements_text(p_node -> 'rank') as r
        ) || ']', '');
end
$$;

comment on function automation_private.format_condition(jsonb, boolean) is
'A canonical condition in string form, for people to read. Quantifier, type, ci and rank, which the
string form does not have, are shown beside their leaf.';
