create or replace function automation_private.decide_past(
    p_plan automation_private.backtest_plan,
    p_gate automation_private.gate_plan,
    p_past automation_private.past
)
returns automation_private.past_decisions
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_items int[] := array(select generate_series(1, cardinality(p_past.events)));
    v_at timestamptz[] := p_past.at;
    v_verdicts text[] := p_past.verdicts;
    v_details jsonb[] := '{}'::jsonb[];
    v_firings automation_private.past_firings;
    v_passed record;
    v_result automation_private.past_decisions;
begin
    if p_plan.threshold is not null then
        select s.items, s.at, s.verdicts, s.details, s.traces
        into v_items, v_at, v_verdicts, v_details, v_result.traces
        from automation_private.simulate_threshold(
            p_plan.threshold, p_past, p_plan.until
        ) as s;
    end if;
    with firing as materialized (
        select
            f.item, f.at, f.details,
            row_number() over (order by case when p_plan.threshold is not null then f.at end, f.n)
            as n,
            case
                when f.verdict = 'no_match' then 'conditions_not_met'
                when f.verdict is null and p_plan.gate ? 'key' and p_past.keyless[f.item]
                    then 'no_key'
                else f.verdict
            end as verdict
        from unnest(v_items, v_at, v_verdicts, v_details)
            with ordinality as f (item, at, verdict, details, n)
    )

    select
        array(select f.item from firing as f where f.verdict is null order by f.n),
        array(select f.at from firing as f where f.verdict is null order by f.n),
        array(select f.details from firing as f where f.verdict is null order by f.n),
        array(select f.item from firing as f where f.verdict is not null order by f.n),
        array(select f.at from firing as f where f.verdict is not null order by f.n),
        array(select f.verdict from firing as f where f.verdict is not null order by f.n),
        array(
            select f.at
            from firing as f
            where f.verdict is null
                or f.verdict in ('loop_blocked', 'caused_by_automation', 'no_key')
        )
    into
        v_items, v_at, v_details, v_result.items, v_result.at, v_result.verdicts,
        v_result.matched_at;

    v_firings := automation_private.gather_past(p_plan, p_past, v_items, v_at, v_details);
    v_result.details := v_firings.details;
    v_result.merged := cardinality(v_items) - cardinality(v_firings.items || v_firings.kept);
    v_firings.rows := array(
        select p_past.rows[i.item]
        from unnest(v_firings.items) with ordinality as i (item, n)
        order by i.n
    );
    v_firings.places := automation_private.share_places(
        p_gate, v_firings.items, p_past.groups, p_past.group_counts, p_past.keyless
    );
    select s.verdicts, s.decided, s.hits into v_passed
    from automation_private.simulate_gate(p_gate, v_firings, p_past.gone, p_plan.until) as s;
    v_result.firsts := v_firings.firsts || v_result.items || v_firings.kept;
    v_result.items := v_firings.items || v_result.items || v_firings.kept;
    v_result.at := v_passed.decided || v_result.at
        || array_fill(p_plan.until, array[cardinality(v_firings.kept)]);
    v_result.hits := v_passed.hits;
    v_result.verdicts := v_passed.verdicts || v_result.verdicts || array_fill(
        case when p_plan.gate ? 'batch' then 'batch' else 'debounce' end,
        array[cardinality(v_firings.kept)]
    );
    return v_result;
end;
$$;

comment on function automation_private.decide_past(
    automation_private.backtest_plan, automation_private.gate_plan, automation_private.past
) is
    'What would have become of the events of the past: threshold, debounce or batch, gate.';
