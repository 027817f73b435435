create or replace function automation_private.read_group(p_node jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_groups constant text[] := '{all,any,none,not,and,or,conditions,ref}'::text[];
    v_logic text := coalesce(p_node ->> 'condition_logic', p_node ->> 'logic', 'all');
    v_key text;
    v_extra text;
    v_op text;
    v_place text;
begin
    if jsonb_typeof(p_node) = 'array' then
        p_node := jsonb_build_object('all', p_node);
        v_place := '';
    end if;
    if not p_node ?| v_groups then
        v_op := coalesce(p_node ->> 'op', p_node ->> 'operator');
        if v_op like 'change%' then
            v_op := automation_private.find_operator(v_op) ->> 'op';
        end if;
        return case when v_op in ('changes_by', 'change_pct') then jsonb_build_object(
            'key', 'any', 'extra', '{}'::jsonb, 'nodes', (
                select jsonb_agg(jsonb_build_object('pointer', '', 'node',
                    p_node - 'operator' || jsonb_build_object('op', direction
                    || case v_op when 'change_pct' then '_pct' else '' end)))
                from unnest('{increased_by,decreased_by}'::text[]) as direction
            )) end;
    end if;

    select k into v_key from jsonb_object_keys(p_node) as k where k = any (v_groups) limit 1;
    select k into v_extra
    from jsonb_object_keys(p_node) as k
    where k <> v_key and k <> 'ui' and k not like 'x-%'
        and (v_key <> 'conditions' or k not in ('condition_logic', 'logic'))
    limit 1;
    if v_extra is not null then
        return automation_private.condition_error('unknown_key', format(
            '%s cannot stand beside %s', to_json(left(v_extra, 64)), v_key));
    elsif v_key = 'ref' then
        return automation_private.reference_error(p_node -> 'ref');
    elsif v_key = 'conditions' and lower(v_logic) not in ('all', 'and', 'any', 'or', 'custom') then
        return automation_private.condition_error('unknown_logic', format(
            '%s is no condition_logic', to_json(left(v_logic, 64))), 'use all, any or custom');
    elsif v_key = 'conditions' and lower(v_logic) = 'custom' or v_key = 'not' then
        return jsonb_build_object('key', case v_key when 'not' then 'not' else 'all' end,
            'extra', p_node - array[v_key, 'condition_logic', 'logic'], 'nodes', jsonb_build_array(
                jsonb_build_object('pointer', '/' || v_key, 'node', p_node -> v_key)));
    elsif jsonb_typeof(p_node -> v_key) <> 'array' or p_node -> v_key = '[]' then
        return automation_private.condition_error('empty_group', format(
            '%s needs a list of at least one condition', v_key));
    end if;
    return jsonb_build_object(
        'extra', p_node - array[v_key, 'condition_logic', 'logic'],
        'key', case
            when v_key in ('and', 'all') then 'all'
            when v_key in ('or', 'any') then 'any'
            when v_key = 'none' then 'none'
            when lower(v_logic) in ('any', 'or') then 'any'
            else 'all' end,
        'nodes', (
            select jsonb_agg(jsonb_build_object(
                'pointer', format('%s/%s', coalesce(v_place, '/' || v_key), n.at - 1),
                'node', n.node) order by n.at)
            from jsonb_array_elements(p_node -> v_key) with ordinality as n (node, at)
        ));
end
$$;

comment on function automation_private.read_group(jsonb) is
'A group, or a bare list of conditions, as {key: all, any, none or not, nodes: [{pointer, node}],
extra}, under whichever of its names it came; {error} for a malformed one, null when the object is a
leaf.';
