create or replace function automation_private.list_jumps(
    p_edges automation_private.step_edge[],
    p_regions int[],
    p_earlier bit varying[]
)
returns automation_private.step_jump[]
language sql
immutable
begin atomic
    with recursive edge as materialized (
        select
            e.source, e.target, e.enters, e.pointer, e.ordinality,
            p_regions[e.source] as home, p_regions[e.target] as place
        from unnest(p_edges) with ordinality as e
    ),

    jump as materialized (
        select e.*
        from edge as e
        where e.home is not null
            and case when e.enters then e.source else e.home end is distinct from e.place
    ),

    -- from the body around the source outwards: which step of each region it stands behind
    outward (source, step, region) as (
        select distinct j.source, j.source, j.home from jump as j -- noqa: AL08
        union all
        select o.source, o.region, p_regions[o.region]
        from outward as o
        where o.region > 0
    ),

    judged as materialized (
        select
            j.*, o.step,
            o.step is not null
            and not j.enters
            and (j.place, j.target) not in (
                select b.source, b.target from edge as b
                where b.enters
            )
            and j.target not in (1, o.step)
            and get_bit(p_earlier[j.target], o.step - 1) = 0
            and get_bit(p_earlier[o.step], j.target - 1) = 0 as is_entered
        from jump as j
        left join outward as o on j.source = o.source and j.place = o.region
    ),

    found as (
        select
            j.ordinality,
            case
                when j.step is null then coalesce(j.place, b.source)
                when j.enters then j.source
                else j.home
            end as body,
            j.step is not null as leaves
        from judged as j
        left join (
            select e.target, min(e.source) as source from edge as e
            where e.enters
            group by e.target
        ) as b on j.place is null and j.target = b.target
        where not j.is_entered
        union all
        select e.ordinality, j.body, false
        from (
            select j.target, j.place, min(j.step) as body from judged as j
            where j.is_entered
            group by j.target, j.place
        ) as j
        inner join edge as e on j.target = e.target and j.place = e.home
    )

    select array_agg((f.ordinality, f.body, f.leaves)::automation_private.step_jump)
    from found as f;
end;

comment on function automation_private.list_jumps(
    automation_private.step_edge[], int[], bit varying[]
) is
    'The ways that lead out of a body or into one: where a step of a body is also reached from '
    'outside, but by nothing that stands around the loop, it is the outsider who jumps.';
