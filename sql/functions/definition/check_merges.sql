create or replace function automation_private.check_merges(
    p_steps automation_private.compiled_step[],
    p_merges int[],
    p_edges automation_private.step_edge[],
    p_scopes int[]
)
returns jsonb
language sql
immutable
begin atomic
    with recursive split as materialized (
        select s.ordinality::int as step from unnest(p_steps) with ordinality as s
        where s.runs = 'split'
    ),

    arrival as materialized (
        select
            e.target as merge_order, e.source,
            case
                when e.opens then e.source
                else automation_private.scope_behind(p_scopes, p_merges, e.source)
            end as scope
        from unnest(p_edges) as e
        where p_merges[e.target] is not null and p_scopes[e.source] is not null
    ),

    -- the scopes that an arrival leaves on its way to the one that the merge closes; a body it
    -- cannot leave
    passed (merge_order, scope) as (
        select a.merge_order, a.scope from arrival as a
        union
        select p.merge_order, p_scopes[p.scope]
        from passed as p
        where p.scope in (select s.step from split as s)
            and p.scope is distinct from p_scopes[p.merge_order]
    ),

    torn as (
        select p.scope, array_agg(p.merge_order order by p.merge_order) as merge_orders
        from passed as p
        where p.scope in (select s.step from split as s)
        group by p.scope
        having count(*) > 1
    )

    select automation_private.collect_errors(
        (
            select jsonb_agg(automation_private.build_error(
                p_steps[t.scope].pointer || '/branches', 'different_merges',
                format(
                    'the branches of "%s" end in different merges: %s', p_steps[t.scope].step_key,
                    (
                        select string_agg('"' || p_steps[m.step].step_key || '"', ', ')
                        from unnest(t.merge_orders) as m (step)
                    )
                ),
                'let all of them that join end in one merge'
            ) order by t.scope)
            from torn as t
        ),
        (
            select jsonb_agg(
                automation_private.describe_stray_merge(
                    p_steps, p_scopes, m.merge_order, m.sources, m.scopes
                ) order by m.merge_order
            )
            from (
                select
                    a.merge_order,
                    array_agg(a.source order by a.source) as sources,
                    array_agg(a.scope order by a.source) as scopes
                from arrival as a
                group by a.merge_order
            ) as m
            where exists (
                select from passed as p
                where p.merge_order = m.merge_order
                    and (p.scope in (select s.step from split as s)) is not true
            ) and not exists (
                select from torn as t where m.merge_order = any(t.merge_orders)
            )
        )
    );
end;

comment on function automation_private.check_merges(
    automation_private.compiled_step[], int[], automation_private.step_edge[], int[]
) is
    'The errors of merges: none of whose arrivals, or not all, come from one split, and splits '
    'whose branches end in different merges.';
