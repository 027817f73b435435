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
        coalesce(jsonb_agg(c.setting order by c.place), '[]'), (p_gate ->> 'max')::int
    into v_plan
    from (
        select
            0 as place, null::jsonb as setting, 'cooldown' as verdict, 1 as most, 1 as source,
            v_cooldown as length,
            case
                when date_trunc('day', v_cooldown) = interval '0' then 'span' else 'duration'
            end as kind,
            p_timezone as zone
        where v_cooldown is not null
        union all
        select l.*
        from automation_private.plan_limits(p_gate -> 'limits', p_timezone) as l
        union all
        select
            1000, null,
            case when p_gate ->> 'mode' = 'queued' then 'queued' else 'dropped_mode' end,
            case when p_gate ->> 'mode' = 'parallel' then (p_gate ->> 'max')::int else 1 end,
            case when p_gate ? 'needs_key' then -1 else 1 end,
            p_run_length, 'span', p_timezone
        -- runs that take no time are in nobody's way
        where p_run_length > interval '0' and p_gate ->> 'mode' <> 'restart'
    ) as c;
    return v_plan;
end;
$$;

comment on function automation_private.plan_gate(jsonb, interval, text) is
    'The checks of a gate in their order: cooldown, limits, mode. Runs last p_run_length.';
