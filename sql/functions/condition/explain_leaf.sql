create or replace function automation_private.explain_leaf(
    p_leaf jsonb,
    p_doc jsonb,
    p_mode text,
    p_roots text[],
    p_as_of timestamptz,
    p_timezone text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_condition :=
        automation_private.compile_condition(p_leaf, p_mode, p_roots);
    v_field jsonb := jsonb_build_object('field', p_leaf -> 'field');
    v_left jsonb := automation_private.operand_value(case when p_leaf ? 'left' then p_leaf -> 'left'
        else v_field end, p_doc, p_mode, p_roots, p_as_of, p_timezone);
    v_right jsonb := automation_private.operand_value(
        p_leaf -> 'value', p_doc, p_mode, p_roots, p_as_of, p_timezone);
    v_path text := automation_private.compile_operand(v_field, p_mode, p_roots) ->> 'path';
    v_old jsonb := coalesce(automation_private.read_path(
        p_doc, regexp_replace(v_path, '"new"', '"old"')), 'null');
    v_result boolean := jsonb_path_match(p_doc, v_compiled.path, automation_private.condition_vars(
        v_compiled.derived, p_doc, p_as_of, p_timezone), true);
    v_fields jsonb := (
        select jsonb_agg(coalesce(automation_private.operand_value(
            jsonb_build_object('field', f), p_doc, p_mode, p_roots, p_as_of, p_timezone), 'null'))
        from jsonb_path_query(jsonb_build_array(p_leaf -> 'left', p_leaf -> 'value'),
            'strict $.**.field', '{}', true) as f
        where p_leaf ? 'left' or p_leaf -> 'value' ?| '{add,sub,mul,div,neg}'
    );
begin
    return jsonb_build_object(
        'left', v_left, 'right', v_right, 'result', v_result,
        'reason', automation_private.leaf_reason(
            p_leaf, v_result, v_left, v_right, v_old, v_fields)
    );
end
$$;

comment on function automation_private.explain_leaf(
    jsonb, jsonb, text, text[], timestamptz, text
) is
'One leaf of a canonical tree evaluated alone: {left, right, result, reason}.';
