create or replace function automation_private.read_past(
    p_plan automation_private.backtest_plan
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
        select j.* from automation_private.judge_past(p_plan) as j
    ),

    -- a row does not meet the condition from one event of its to the next
    row_state as materialized (
        select x.row_key, x.gone, row_number() over ()::int as number
        from (
            select o.row_key, range_agg(tstzrange(o.at, o.next_at, '()')) as gone
            from (
                select
                    j.row_key, j.at, j.holds,
                    lead(j.at) over (partition by j.row_key order by j.event_id) as next_at
                from judged as j
                where j.row_key is not null
            ) as o
            where o.holds is not true and coalesce(o.next_at > o.at, true)
            group by o.row_key
        ) as x
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
        select
            i.n, k.source,
            dense_rank() over (
                partition by k.source order by coalesce(k.key, '') collate "C"
            )::int as number
        from item as i
        cross join lateral unnest(i.keys) with ordinality as k (key, source)
    )

    -- aggregates take their rows in the order in which they come
    select
        array(select (j.at at time zone p_plan.timezone)::date from judged as j where j.is_heard),
        m.events, m.leaves, x.events, x.at, x.verdicts, x.keyless,
        array(select k.number from keyed as k order by k.n, k.source),
        array(select max(k.number) from keyed as k group by k.source order by k.source),
        x.samples, x.rows, array(select r.gone from row_state as r order by r.number)
    into v_past
    from (
        select
            coalesce(array_agg(i.event_id), '{}') as events, coalesce(array_agg(i.at), '{}') as at,
            coalesce(array_agg(i.verdict), '{}') as verdicts,
            coalesce(array_agg(i.keys[1] is null), '{}') as keyless,
            coalesce(array_agg(i.sample), '{}') as samples,
            coalesce(array_agg(i.row), '{}') as rows
        from (
            select o.*, coalesce(r.number, 0) as row
            from item as o
            left join row_state as r on o.row_key = r.row_key
            order by o.n
        ) as i
    ) as x
    cross join (
        select
            coalesce(array_agg(o.event_id), '{}') as events,
            coalesce(array_agg(o.missed), '{}') as leaves
        from (
            select j.event_id, j.missed
            from judged as j
            where j.missed is not null
            order by j.event_id
        ) as o
    ) as m;
    return v_past;
end;
$$;

comment on function automation_private.read_past(automation_private.backtest_plan) is
    'What a rule makes of the recorded events before the gate, as arrays to be folded.';
