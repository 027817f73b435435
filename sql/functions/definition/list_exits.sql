create or replace function automation_private.list_exits(
    p_steps automation_private.compiled_step[],
    p_edges automation_private.step_edge[],
    p_regions int[]
)
returns automation_private.step_edge[]
language sql
immutable
begin atomic
    with recursive inside (scope, step) as (
        select r.region, r.ordinality::int
        from unnest(p_regions) with ordinality as r (region)
        where p_steps[r.region].runs = 'scope'
        union
        select p_regions[i.scope], i.step
        from inside as i
        where p_steps[p_regions[i.scope]].runs = 'scope'
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
