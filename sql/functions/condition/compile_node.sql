create or replace function automation_private.compile_node(
    p_node jsonb,
    p_mode text,
    p_roots text[],
    p_lean boolean,
    p_pointer text,
    p_depth int,
    p_source text default null
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kind text := coalesce(jsonb_typeof(p_node), 'null');
    v_group jsonb;
    v_result jsonb;
begin
    if p_depth > 10 then
        v_result := automation_private.condition_error('too_deep',
            'a condition is at most 10 levels deep');
    elsif v_kind = 'string' then
        return automation_private.compile_source(
            p_node #>> '{}', p_mode, p_roots, p_lean, p_pointer, p_depth);
    elsif v_kind in ('array', 'object') then
        v_group := automation_private.read_group(p_node);
    else
        v_result := automation_private.condition_error('not_a_condition',
            format('a condition is a text or an object, this is a %s', v_kind),
            'write "roi > 200" or {"field": "roi", "op": "gt", "value": 200}');
    end if;

    if v_group ? 'nodes' then
        return automation_private.compile_group(
            v_group, p_mode, p_roots, p_lean, p_pointer, p_depth, p_source);
    end if;
    v_result := coalesce(v_result, v_group, automation_private.compile_leaf(
        case when p_source is null then p_node else p_node - '@' end, p_mode, p_roots, p_lean));
    if v_result ? 'error' then
        return automation_private.locate_error(
            v_result -> 'error', p_pointer, p_source, (p_node ->> '@')::int);
    end if;
    return v_result || '{"leaves": 1}';
end
$$;

comment on function automation_private.compile_node(
    jsonb, text, text[], boolean, text, int, text
) is
'A node of a condition with all below it as {tree, path, derived, reads, leaves,
weight}, or {errors}.';
