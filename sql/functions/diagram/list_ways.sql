create or replace function automation_private.list_ways(
    p_steps automation_private.compiled_step[],
    p_homes int[]
)
returns automation_private.diagram_edge[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_targets constant jsonb := automation_private.map_targets(p_steps);
begin
    return array(
        select (
            n.step,
            case
                when l.target is null then 'out' || p_homes[n.step]
                else coalesce('s' || (v_targets ->> l.target), format('x%sx%s', n.step, l.number))
            end,
            l.role, w.way,
            concat_ws(
                ': ',
                automation_private.label_way(
                    p_steps[n.step],
                    (l.role, l.target, l.pointer)::automation_private.step_link, l.place, w.way
                ),
                case when not v_targets ? l.target then format('no step "%s"', l.target) end
            )
        )::automation_private.diagram_edge
        from generate_subscripts(p_steps, 1) as n (step)
        cross join lateral (
            select
                k.role, k.target, k.pointer, k.ordinality as number,
                (row_number() over (partition by k.role order by k.ordinality))::int as place
            from unnest((p_steps[n.step]).links) with ordinality as k
        ) as l
        cross join lateral automation_private.name_way(
            p_steps[n.step], l.role, l.place
        ) as w (way)
        where l.role not like 'reads%'
            and l.role not in ('split', 'from')
            and ((p_steps[n.step]).runs is distinct from 'stop' or l.role = 'error')
            -- each event of a wait has a way of its own
            and not (l.role = 'next' and (p_steps[n.step]).source ? 'events')
        order by n.step, l.number
    );
end;
$$;

comment on function automation_private.list_ways(automation_private.compiled_step[], int[]) is
    'The lines of a diagram that lead from steps. A token that ends goes to the node out<n> of the '
    'body of step n, or out0; a link to a step that there is not, to a node x<n>x<m> of its own.';
