create or replace function automation_private.list_loops(
    p_steps automation_private.compiled_step[],
    p_regions int[]
)
returns int[]
language sql
immutable
begin atomic
    with recursive outward (step_order, region) as (
        select r.ordinality, r.region
        from unnest(p_regions) with ordinality as r (region)
        union all
        select o.step_order, p_regions[o.region]
        from outward as o
        where p_steps[o.region].runs = 'scope'
    )

    select array_agg(o.region order by o.step_order)
    from outward as o
    where p_steps[o.region].runs is distinct from 'scope';
end;

comment on function automation_private.list_loops(automation_private.compiled_step[], int[]) is
    'For every step the innermost loop around it, 0 for none, null when that is not known.';
