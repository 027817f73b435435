create or replace function automation_private.map_steps(
    p_org_id uuid,
    p_old uuid,
    p_new uuid,
    p_mapping jsonb
)
returns automation_private.step_move[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        with mapped as materialized (
            select
                o as old, n as new, o.step_order, o.next_order, n.step_order as new_order,
                case when p_mapping ? o.step_key then p_mapping ->> o.step_key else o.step_key end
                    as new_key
            from automation.workflow_definition_steps as o
            left join automation.workflow_definition_steps as n
                on n.org_id = p_org_id
                    and n.definition_id = p_new
                    and n.step_key = case
                        when p_mapping ? o.step_key then p_mapping ->> o.step_key
                        else o.step_key
                    end
            where o.org_id = p_org_id and o.definition_id = p_old
        ),

        around as materialized (
            select
                m.step_order, m.new_order,
                (
                    select coalesce(jsonb_agg(x.new_key order by e.ordinality), '[]')
                    from jsonb_array_elements_text(p.path) with ordinality as e
                    left join mapped as x on (x.old).step_key = e.value
                ) as wanted,
                q.path as found
            from mapped as m
            left join automation_private.list_paths(p_org_id, p_old) as p
                on p.step_order = m.step_order
            left join automation_private.list_paths(p_org_id, p_new) as q
                on q.step_order = m.new_order
        )

        select (
            m.step_order, (m.old).step_key, m.new_order, (m.new).step_key,
            coalesce(s.new_order, 0), (s.new).step_key,
            case
                when m.new_order is null then 'it does not exist any more'
                when a.wanted is distinct from a.found then 'it is inside of something else'
                else automation_private.compare_steps(m.old, m.new)
            end,
            case when s.new_order > 0 and a.wanted is distinct from b.found
                then format('its successor %s is inside of something else', (s.new).step_key)
            end
        )::automation_private.step_move
        from mapped as m
        inner join around as a on a.step_order = m.step_order
        left join mapped as s
            on s.step_order = automation_private.next_survivor(
                array(select x.step_order from mapped as x order by x.step_order),
                array(select x.next_order from mapped as x order by x.step_order),
                array(
                    select x.new_order is not null from mapped as x order by x.step_order
                ),
                m.next_order
            )
        left join around as b on b.step_order = s.step_order
        order by m.step_order
    );
end;
$$;

comment on function automation_private.map_steps(uuid, uuid, uuid, jsonb) is
    'What becomes of each step of a definition in another one: the step of the same id, or of the '
    'id that p_mapping gives.';
