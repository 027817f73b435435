create or replace function automation_private.plan_gate(
    p_gate jsonb,
    p_run_length interval,
    p_timezone text
)
returns automation_private.gate_plan
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cooldown constant interval :=
        automation_private.parse_duration(p_gate ->> 'cooldown');
    v_plan automation_private.gate_plan;
begin
    select
        array_agg(c.verdict order by c.place), array_agg(c.most order by c.place),
        array_agg(c.source order by c.place), array_agg(c.length order by c.place),
        array_agg(c.kind order by c.place), array_agg(c.zone order by c.place),
        jsonb_agg(c.setting order by c.place)
    into
        v_plan.verdicts, v_plan.most, v_plan.sources, v_plan.lengths, v_plan.kinds, v_plan.zones,
        v_plan.limits
    from (
        select
            0 as place, 'cooldown' as verdict, 1 as most, 1 as source, v_cooldown as length,
            case
                when date_trunc('day', v_cooldown) = interval '0' then 'span' else 'duration'
            end as kind,
            p_timezone as zone, null::jsonb as setting
        where v_cooldown is not null
        union all
        select
            l.ordinality,
            case
                when l.value ->> 'on_hit' = 'defer' and l.value ->> 'max' <> '0' then 'deferred'
                else 'limit_reached'
            end,
            (l.value ->> 'max')::int,
            case
                when l.value ? 'key'
                    then 1 + count(l.value -> 'key') over (order by l.ordinality)
                when l.value ->> 'scope' = 'subject' then 1
                else 0
            end,
            -- a day of a rolling window has 24 hours
            make_interval(secs => extract(
                epoch from automation_private.parse_duration(substr(l.value ->> 'per', 9))
            )),
            case when l.value ->> 'per' like 'rolling %' then 'span' else l.value ->> 'per' end,
            coalesce(l.value ->> 'timezone', p_timezone), l.value - 'key'
        from jsonb_array_elements(p_gate -> 'limits') with ordinality as l
        union all
        select
            1000, case when p_gate ->> 'mode' = 'queued' then 'queued' else 'dropped_mode' end,
            case when p_gate ->> 'mode' = 'parallel' then (p_gate ->> 'max')::int else 1 end,
            case when p_gate ? 'needs_key' then -1 else 1 end,
            p_run_length, 'span', p_timezone, null
        -- runs that take no time are in nobody's way
        where p_run_length > interval '0' and p_gate ->> 'mode' <> 'restart'
    ) as c
    where c.most is not null;
    v_plan.queue_most := (p_gate ->> 'max')::int;
    return v_plan;
end;
$$;

comment on function automation_private.plan_gate(jsonb, interval, text) is
    'The checks of a gate in their order: cooldown, limits, mode. Runs last p_run_length.';
