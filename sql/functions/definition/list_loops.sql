create or replace function automation_private.list_loops(
    p_steps automation_private.compiled_step[],
    p_regions int[]
)
returns int[]
language sql
immutable
begin atomic
    with recursive scope as materialized (
        select s.ordinality::int as step, p_regions[s.ordinality] as region
        from unnest(p_steps) with ordinality as s
        where s.runs = 'scope'
    ),

    outward (step_order, region) as (
        select r.ordinality, r.region
        from unnest(p_regions) with ordinality as r (region)
        union all
        select o.step_order, s.region
        from outward as o
        inner join scope as s on o.region = s.step
    )

    select array_agg(o.region order by o.step_order)
    from outward as o
    where not exists (select from scope as s where s.step = o.region);
end;

comment on function automation_private.list_loops(automation_private.compiled_step[], int[]) is
    'For every step the innermost loop around it, 0 for none, null when that is not known.';
