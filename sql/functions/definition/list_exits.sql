create or replace function automation_private.list_exits(
    p_steps automation_private.compiled_step[],
    p_edges automation_private.step_edge[],
    p_regions int[]
)
returns automation_private.step_edge[]
language sql
immutable
begin atomic
    with recursive scope as materialized (
        select s.ordinality::int as step, p_regions[s.ordinality] as region
        from unnest(p_steps) with ordinality as s
        where s.runs = 'scope'
    ),

    inside (scope, region, step) as (
        select s.step, s.region, r.ordinality::int
        from unnest(p_regions) with ordinality as r (region)
        inner join scope as s on r.region = s.step
        union all
        select s.step, s.region, i.step -- noqa: AL08
        from inside as i
        inner join scope as s on i.region = s.step
    )

    select coalesce(
        array_agg((i.step, e.target, false, false, null)::automation_private.step_edge), '{}'
    )
    from inside as i
    inner join unnest(p_edges) as e on i.scope = e.source and not e.enters;
end;

comment on function automation_private.list_exits(
    automation_private.compiled_step[], automation_private.step_edge[], int[]
) is
    'Ways from every step of a scope''s body to what follows the scope: those steps have run then.';
