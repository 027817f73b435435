create or replace function automation_private.list_near_misses(
    p_plan automation_private.backtest_plan,
    p_condition automation_private.compiled_condition,
    p_past automation_private.past,
    p_examples int
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_leaves constant jsonb := (
        select jsonb_agg(
            jsonb_build_object(
                'pointer', l.pointer, 'leaf', l.leaf,
                'condition', automation_private.format_condition(l.leaf)
            ) order by l.ordinality
        )
        from automation_private.condition_leaves(p_condition.tree, '') with ordinality as l
    );
begin
    return jsonb_build_object(
        'count', cardinality(p_past.missed_events),
        'comparisons', (
            select coalesce(jsonb_agg(
                (v_leaves -> (c.leaf - 1)) - 'leaf' || jsonb_build_object('count', c.times)
                order by c.leaf
            ), '[]')
            from (
                select m.leaf, count(*) as times
                from unnest(p_past.missed_leaves) as m (leaf)
                group by m.leaf
            ) as c
        ),
        'examples', (
            select coalesce(jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'event_id', e.event_id, 'event', e.event, 'entity', e.entity,
                    'recorded_at',
                    automation_private.format_instant(e.recorded_at, p_plan.timezone)
                )) || (v_leaves -> (m.leaf - 1)) - 'leaf' || jsonb_build_object(
                    'left_value', x.trace -> 'left', 'right_value', x.trace -> 'right',
                    'reason', x.trace -> 'reason'
                )
                order by m.n
            ), '[]')
            from unnest(
                p_past.missed_events[:p_examples], p_past.missed_leaves[:p_examples]
            ) with ordinality as m (event_id, leaf, n)
            inner join automation.automation_events as e
                on e.org_id = p_plan.org_id and m.event_id = e.event_id
            cross join lateral automation_private.explain_leaf(
                v_leaves -> (m.leaf - 1) -> 'leaf', automation_private.event_document(e), 'row',
                '{}', e.occurred_at, p_plan.timezone
            ) as x (trace)
        )
    );
end;
$$;

comment on function automation_private.list_near_misses(
    automation_private.backtest_plan, automation_private.compiled_condition,
    automation_private.past, int
) is
    'Events for which exactly one comparison of the condition failed: how many, which, and the '
    'first of them with the values seen.';
