create or replace function automation_private.compile_group(
    p_group jsonb,
    p_mode text,
    p_roots text[],
    p_lean boolean,
    p_pointer text,
    p_depth int,
    p_source text
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := p_group ->> 'key';
    v_entry jsonb;
    v_child jsonb;
    v_trees jsonb := '[]'::jsonb;
    v_paths text[] := '{}'::text[];
    v_derived jsonb := '{}'::jsonb;
    v_reads jsonb := '[]'::jsonb;
    v_errors jsonb := '[]'::jsonb;
    v_leaves int := 0;
    v_weight int := 0;
begin
    for v_entry in select * from jsonb_array_elements(p_group -> 'nodes') loop
        v_child := automation_private.compile_node(v_entry -> 'node', p_mode, p_roots, p_lean,
            p_pointer || case when p_source is null then v_entry ->> 'pointer' else '' end,
            p_depth + 1, p_source);
        v_errors := v_errors || coalesce(v_child -> 'errors', '[]');
        v_trees := v_trees || jsonb_build_array(v_child -> 'tree');
        v_paths := v_paths || (v_child ->> 'path');
        v_derived := v_derived || coalesce(v_child -> 'derived', '{}');
        v_reads := v_reads || coalesce(v_child -> 'reads', '[]');
        v_leaves := v_leaves + coalesce((v_child ->> 'leaves')::int, 0);
        v_weight := v_weight + coalesce((v_child ->> 'weight')::int, 0);
        exit when v_leaves > 200 or jsonb_array_length(v_errors) > 100;
    end loop;

    if v_leaves > 200 then
        v_errors := automation_private.locate_error(automation_private.condition_error(
            'too_many_leaves', 'a condition has at most 200 comparisons') -> 'error',
            p_pointer, null, null) -> 'errors';
    end if;
    if v_errors <> '[]' then
        return jsonb_build_object('errors', v_errors);
    end if;
    return jsonb_build_object(
        'tree', (p_group -> 'extra') || jsonb_build_object(v_key,
            case v_key when 'not' then v_trees -> 0 else v_trees end),
        'path', case v_key
            when 'all' then format('(%s)', array_to_string(v_paths, ' && '))
            when 'any' then format('(%s)', array_to_string(v_paths, ' || '))
            else format('!(%s)', array_to_string(v_paths, ' || ')) end,
        'derived', v_derived, 'reads', v_reads, 'leaves', v_leaves,
        'weight', v_weight);
end
$$;

comment on function automation_private.compile_group(
    jsonb, text, text[], boolean, text, int, text
) is
'A group of conditions as {tree, path, derived, reads, leaves, weight}, or {errors} with every one
found.';
