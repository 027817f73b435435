create or replace function automation_private.compile_leaf(
    p_leaf jsonb, p_mode text, p_roots text[], p_lean boolean
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_leaf jsonb := automation_private.normalise_leaf(p_leaf);
    v_negated boolean := v_leaf ->> 'negates' is not null;
    v_op text := coalesce(v_leaf ->> 'negates', v_leaf ->> 'op');
    v_plan jsonb;
    v_subject jsonb;
    v_operand jsonb;
    v_right jsonb;
    v_rights jsonb := '[]'::jsonb;
    v_derived jsonb := '{}'::jsonb;
    v_reads jsonb;
    v_predicate jsonb;
begin
    if v_leaf ? 'error' then
        return v_leaf;
    end if;
    v_plan := automation_private.plan_leaf(v_leaf -> 'leaf', v_op, v_leaf ->> 'shape');
    v_leaf := v_leaf -> 'leaf';
    v_subject := automation_private.compile_operand(case
        when v_leaf ? 'field' then jsonb_build_object('field', v_leaf -> 'field')
        else v_leaf -> 'left' end, p_mode, p_roots);
    if v_subject ? 'error' then
        return v_subject;
    elsif v_subject ->> 'kind' = 'constant' then
        return automation_private.condition_error('missing_field', 'a condition names its field');
    end if;
    v_reads := coalesce(v_subject -> 'reads', '[]');

    for v_operand in select * from jsonb_array_elements(v_plan -> 'operands') loop
        v_right := automation_private.bind_operand(
            v_operand, v_plan ->> 'as', p_mode, p_roots);
        if v_right ? 'error' then
            return v_right;
        elsif v_leaf ? 'left' and (v_right ->> 'kind' = 'now'
            or v_right ->> 'kind' = 'constant' and jsonb_typeof(v_operand) <> 'number')
        then
            return automation_private.condition_error('type_mismatch',
                'arithmetic is compared with numbers');
        end if;
        v_rights := v_rights || v_right;
        v_derived := v_derived || coalesce(v_right -> 'derived', '{}');
        v_reads := v_reads || coalesce(v_right -> 'reads', '[]');
    end loop;

    if v_op ~ '^(changed|increased|decreased)' then
        v_predicate := automation_private.compile_change(
            v_leaf, v_op, v_subject ->> 'path', v_rights -> 0 ->> 'path');
        v_reads := v_reads || case p_mode when 'row' then '["old"]' else '["trigger"]' end::jsonb;
    else
        v_predicate := automation_private.compile_test(
            v_leaf, v_plan, v_subject, v_rights, v_negated, p_lean);
    end if;
    if v_predicate ? 'error' then
        return v_predicate;
    end if;
    return jsonb_build_object(
        'weight', case v_op when 'matches'
            then automation_private.pattern_weight(v_leaf ->> 'value') else 0 end,
        'tree', v_leaf, 'path', v_predicate -> 'predicate', 'reads', v_reads,
        'derived', v_derived || coalesce(v_predicate -> 'derived', '{}'));
end
$$;

comment on function automation_private.compile_leaf(jsonb, text, text[], boolean) is
'One leaf as {tree, path, derived, reads, weight}: its canonical form, its jsonpath predicate, the
variables that needs, what it reads and what its pattern weighs; or {error}. p_lean: search texts
without regular expressions.';
