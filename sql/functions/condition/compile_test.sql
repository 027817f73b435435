create or replace function automation_private.compile_test(
    p_leaf jsonb, p_plan jsonb, p_subject jsonb, p_rights jsonb, p_negated boolean, p_lean boolean
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_op text := p_plan ->> 'op';
    v_path text := p_subject ->> 'path';
    v_kind text := p_subject ->> 'kind';
    v_list text[] := regexp_match(v_path, '^((.*)\[\*\])((?:\."(?:[^"\\]|\\.)*"|\[\d+\])*)$');
    v_needles jsonb := jsonb_path_query_array(p_plan, '$.operands[*]');
    v_spec jsonb;
    v_bound jsonb;
    v_rights text[] := array(select r ->> 'path' from jsonb_array_elements(p_rights) as r);
    v_nullable boolean := jsonb_path_exists(p_rights, '$[*] ? (@.kind == "field")');
    v_predicate text;
begin
    if v_kind = 'field' and v_list is null and p_leaf ? 'quantifier' then
        v_list := array[v_path || '[*]', v_path, ''];
    end if;
    v_spec := jsonb_strip_nulls(case
        when v_kind = 'now' then jsonb_build_object('kind', 'now', 'shift', p_subject -> 'shift')
        when v_list is null then jsonb_build_object('kind', 'field', 'path', v_path)
        else jsonb_build_object('kind', 'items', 'path', v_list[1], 'base', v_list[2],
            'rest', '$' || v_list[3]) end
        || automation_private.plan_conversion(p_leaf, p_plan, p_rights, p_lean));

    if v_kind = 'now' and (p_leaf ? 'quantifier' or coalesce(v_spec ->> 'as', '') <> all (
        '{timestamp,date,weekday,daytime,business_day,anniversary}'))
    then
        return automation_private.condition_error('type_mismatch',
            'now is compared with timestamps and dates');
    elsif v_spec ? 'as' then
        v_bound := automation_private.bind_derived(v_spec);
        v_path := v_bound ->> 'path';
        v_list := case when v_list is not null then array[v_path || '[*]', v_path, ''] end;
    end if;
    v_path := coalesce('@' || v_list[3], v_path);

    v_predicate := case
        when v_spec ->> 'as' = 'test' then automation_private.leaf_predicate(
            'eq', v_path, '{true}', false, false)
        when v_op = 'ranked' then automation_private.ranked_predicate(
            v_path, v_needles, p_leaf -> 'rank')
        when v_op in ('contains_all', 'contains_any', 'starts_with', 'ends_with', 'matches')
            then automation_private.text_predicate(v_op, v_path,
                (select jsonb_agg((r ->> 'path')::jsonb) from jsonb_array_elements(p_rights) as r),
                p_leaf ? 'ci')
        else automation_private.leaf_predicate(
            v_op, v_path, v_rights, v_nullable, v_kind = 'number')
        end;
    if v_list is not null then
        v_predicate := automation_private.quantify(
            p_leaf ->> 'quantifier', v_list[1], v_list[2], v_predicate, p_negated);
        if v_nullable and v_spec ->> 'as' is distinct from 'test' then
            v_predicate := automation_private.guard_lists(v_list[2], v_rights, v_predicate);
        end if;
    elsif p_negated then
        v_predicate := '!' || v_predicate;
    end if;
    return jsonb_build_object(
        'derived', coalesce(v_bound -> 'derived', '{}'), 'predicate', v_predicate);
end
$$;

comment on function automation_private.compile_test(jsonb, jsonb, jsonb, jsonb, boolean, boolean) is
'The predicate of a leaf that looks at one document as {predicate, derived}, or {error}.';
