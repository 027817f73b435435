create or replace function automation_private.trace_condition(
    p_compiled automation_private.compiled_condition,
    p_doc jsonb,
    p_mode text,
    p_roots text[],
    p_as_of timestamptz,
    p_timezone text
)
returns table (
    pointer text,
    field text,
    operator text,
    left_value jsonb,
    right_value jsonb,
    result boolean,
    reason text,
    condition text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_result boolean := jsonb_path_match(p_doc, p_compiled.path, automation_private.condition_vars(
        p_compiled.derived, p_doc, p_as_of, p_timezone), true);
begin
    return query
        select '', null::text, null::text, null::jsonb, null::jsonb, v_result,
            case when v_result then 'match' when not v_result then 'no_match' else 'error' end,
            automation_private.format_condition(p_compiled.tree);
    return query
        select l.pointer,
            coalesce(l.leaf ->> 'field', automation_private.format_operand(l.leaf -> 'left')),
            l.leaf ->> 'op', e.trace -> 'left', e.trace -> 'right',
            (e.trace ->> 'result')::boolean, e.trace ->> 'reason',
            automation_private.format_condition(l.leaf)
        from automation_private.condition_leaves(p_compiled.tree, '') as l,
            automation_private.explain_leaf(
                l.leaf, p_doc, p_mode, p_roots, p_as_of, p_timezone) as e (trace);
end
$$;

comment on function automation_private.trace_condition(
    automation_private.compiled_condition, jsonb, text, text[], timestamptz, text
) is
'The whole condition (first row) and each of its leaves, all evaluated, with the values they saw and
a reason.';
