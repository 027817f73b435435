create or replace function automation_private.count_decisions(
    p_plan automation_private.backtest_plan,
    p_past automation_private.past,
    p_decisions automation_private.past_decisions
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_counts constant jsonb := (
        select coalesce(jsonb_object_agg(c.verdict, c.times), '{}')
        from (
            select d.verdict, count(*) as times
            from unnest(p_decisions.verdicts) as d (verdict)
            group by d.verdict
        ) as c
    );
    v_waits constant text[] := array['debounce', 'batch', 'deferred', 'queued'];
    v_merged constant jsonb := case
        when p_decisions.merged > 0 then jsonb_build_object(
            case when p_plan.gate ? 'batch' then 'batched' else 'debounced' end,
            p_decisions.merged
        )
        else '{}'
    end;
begin
    return jsonb_build_object(
        'events_seen', cardinality(p_past.days),
        'matched', cardinality(p_decisions.matched_at),
        'would_fire', coalesce((v_counts -> 'fires')::int, 0),
        'suppressed', v_counts - v_waits - 'fires' || v_merged,
        'waiting', (
            select coalesce(jsonb_object_agg(c.key, c.value), '{}')
            from jsonb_each(v_counts) as c
            where c.key = any (v_waits)
        ),
        'errors', coalesce((v_counts -> 'condition_error')::int, 0)
            + coalesce((v_counts -> 'old_unknown')::int, 0) + (
                select count(*)::int from unnest(p_decisions.traces) as t (trace)
                where t.trace in ('type_mismatch', 'out_of_range')
            )
    ) || case
        when p_plan.threshold is null then '{}'
        else jsonb_build_object('samples', (
            select coalesce(jsonb_object_agg(t.trace, t.times), '{}')
            from (
                select x.trace, count(*) as times
                from unnest(p_decisions.traces) as x (trace)
                group by x.trace
            ) as t
        ))
    end;
end;
$$;

comment on function automation_private.count_decisions(
    automation_private.backtest_plan, automation_private.past, automation_private.past_decisions
) is
    'The numbers of a backtest: seen, matched, would fire, suppressed and waiting by reason, '
    'errors; what a threshold made of its values.';
