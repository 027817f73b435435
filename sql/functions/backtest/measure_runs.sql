create or replace function automation_private.measure_runs(
    p_org_id uuid,
    p_rule_id uuid,
    p_since timestamptz,
    p_until timestamptz,
    p_run_duration interval
)
returns jsonb
language sql
stable
return (
    select jsonb_build_object(
        'seconds', trim_scale(round(coalesce(
            extract(epoch from p_run_duration), m.milliseconds::numeric / 1000, 0
        ), 3)),
        'source', case
            when p_run_duration is not null then 'given'
            when m.runs > 0 then 'median'
            else 'unknown'
        end,
        'runs', m.runs
    )
    from (
        select
            percentile_cont(0.5) within group (order by e.execution_time_ms) as milliseconds,
            count(*) as runs
        from (
            select x.execution_time_ms
            from automation.automation_executions as x
            where x.org_id = p_org_id
                and x.rule_id = p_rule_id
                and x.instance_id is not null
                and x.completed_at > p_since
                and x.completed_at <= p_until
                and p_run_duration is null
                and exists (
                    select from automation.automation_rule_versions as v
                    where v.org_id = p_org_id and v.rule_id = p_rule_id
                )
            order by x.completed_at desc, x.execution_id desc
            limit 1000
        ) as e
    ) as m
);

comment on function automation_private.measure_runs(
    uuid, uuid, timestamptz, timestamptz, interval
) is
    'How long runs take in a backtest, in seconds: as is said, or by the median of the rule''s '
    'last runs in that time, or, where there are none, no time.';
