create or replace function automation_private.read_past(
    p_plan automation_private.backtest_plan,
    p_examples int
)
returns automation_private.past
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_past automation_private.past;
begin
    with judged as materialized (
        select j.*, count(j.row_key) over (order by j.event_id)::int as place
        from automation_private.judge_past(p_plan) as j
    ),

    item as materialized (
        select j.*, row_number() over (order by j.event_id) as n
        from judged as j
        where j.is_heard
            and (
                p_plan.threshold is not null
                or coalesce(j.verdict, '') not in ('no_match', 'already_met')
            )
    ),

    keyed as materialized (
        select i.n, k.source, coalesce(k.key, '') as key
        from item as i
        cross join lateral unnest(i.keys) with ordinality as k (key, source)
    ),

    numbered as materialized (
        select d.source, d.key, row_number() over (partition by d.source)::int as number
        from (select distinct x.source, x.key from keyed as x) as d
    ),

    observed as materialized (
        select
            j.event_id, j.at, j.holds,
            lead(j.place) over (partition by j.row_key order by j.event_id) as following
        from judged as j
        where j.row_key is not null
    )

    select
        (select count(*) from judged as j where j.is_heard),
        (
            select jsonb_object_agg(to_char(d.day, 'YYYY-MM-DD'), d.seen)
            from (
                select (j.at at time zone p_plan.timezone)::date as day, count(*) as seen
                from judged as j
                where j.is_heard
                group by 1
            ) as d
        ),
        (
            select jsonb_object_agg(m.missed, m.times)
            from (
                select j.missed, count(*) as times
                from judged as j
                where j.missed is not null
                group by j.missed
            ) as m
        ),
        m.events, m.leaves,
        array(select i.event_id from item as i order by i.n),
        array(select i.at from item as i order by i.n),
        array(select i.verdict from item as i order by i.n),
        array(select i.keys[1] is null from item as i order by i.n),
        array(
            select d.number
            from keyed as k
            inner join numbered as d on k.source = d.source and k.key = d.key
            order by k.n, k.source
        ),
        array(
            select max(d.number) from numbered as d group by d.source order by d.source
        ),
        array(select i.sample from item as i order by i.n),
        array(select case when i.row_key is not null then i.place end from item as i order by i.n),
        array(select o.at from observed as o order by o.event_id),
        array(select o.following from observed as o order by o.event_id),
        array(select coalesce(o.holds, false) from observed as o order by o.event_id)
    into v_past
    from (
        select array_agg(x.event_id) as events, array_agg(x.missed) as leaves
        from (
            select j.event_id, j.missed
            from judged as j
            where j.missed is not null
            order by j.event_id
            limit p_examples
        ) as x
    ) as m;
    return v_past;
end;
$$;

comment on function automation_private.read_past(automation_private.backtest_plan, int) is
    'What a rule makes of the recorded events before the gate, as arrays to be folded.';
