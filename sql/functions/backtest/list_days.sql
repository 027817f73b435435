create or replace function automation_private.list_days(
    p_plan automation_private.backtest_plan,
    p_gate automation_private.gate_plan,
    p_past automation_private.past,
    p_decisions automation_private.past_decisions
)
returns jsonb
language sql
stable
begin atomic
    with day as (
        select d.day::date as day
        from generate_series(
            ((p_plan).since at time zone (p_plan).timezone)::date::timestamp,
            ((p_plan).until at time zone (p_plan).timezone)::date::timestamp, interval '1 day'
        ) as d (day)
    ),

    seen as (
        select s.day, count(*) as times from unnest((p_past).days) as s (day) group by s.day
    ),

    matched as (
        select x.day, count(*) as times
        from (
            select (m.at at time zone (p_plan).timezone)::date as day
            from unnest((p_decisions).matched_at) as m (at)
        ) as x
        group by x.day
    ),

    fired as (
        select x.day, count(*) as times
        from (
            select (f.at at time zone (p_plan).timezone)::date as day
            from unnest((p_decisions).at, (p_decisions).verdicts) as f (at, verdict)
            where f.verdict = 'fires'
        ) as x
        group by x.day
    )

    select jsonb_agg(
        jsonb_build_object(
            'day', to_char(d.day, 'YYYY-MM-DD'),
            'seen', coalesce(s.times, 0),
            'matched', coalesce(m.times, 0),
            'would_fire', coalesce(f.times, 0),
            'limit', (
                select min((l ->> 'max')::int)
                from jsonb_array_elements((p_gate).limits) as l
                where l ->> 'per' = 'day'
                    and coalesce(l ->> 'scope', 'rule') <> 'subject'
                    and not l ? 'key'
            )
        )
        order by d.day
    )
    from day as d
    left join seen as s on d.day = s.day
    left join matched as m on d.day = m.day
    left join fired as f on d.day = f.day;
end;

comment on function automation_private.list_days(
    automation_private.backtest_plan, automation_private.gate_plan, automation_private.past,
    automation_private.past_decisions
) is
    'The days of a backtest in the organisation''s timezone, beside what a limit allows a day.';
