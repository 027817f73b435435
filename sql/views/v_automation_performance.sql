create or replace view automation.v_automation_performance
with (security_invoker = true) as
select
    r.org_id,
    r.rule_id,
    r.rule_name,
    r.trigger_type as rule_type,
    r.status,
    coalesce(e.total, 0) as total_executions,
    coalesce(e.successful, 0) as successful_executions,
    coalesce(e.failed, 0) as failed_executions,
    round(100.0 * e.successful / nullif(e.total, 0), 2) as success_rate,
    e.last_executed_at,
    coalesce(e.last_30_days, 0) as executions_last_30d,
    coalesce(e.suppressed, 0) as suppressed_executions,
    e.average_ms as avg_execution_time_ms,
    e.p95_ms as p95_execution_time_ms
from automation.automation_rules as r
left join (
    select
        x.org_id,
        x.rule_id,
        count(*) filter (where x.status <> 'skipped') as total,
        count(*) filter (where x.status = 'success') as successful,
        count(*) filter (where x.status = 'failed') as failed,
        sum(x.occurrences) filter (where x.status = 'skipped') as suppressed,
        count(*) filter (
            where x.status <> 'skipped' and x.completed_at > now() - interval '30 days'
        ) as last_30_days,
        max(x.completed_at) filter (where x.status <> 'skipped') as last_executed_at,
        round(avg(x.execution_time_ms) filter (where x.status <> 'skipped'), 1) as average_ms,
        round((
            percentile_cont(0.95) within group (order by x.execution_time_ms) filter (
                where x.status <> 'skipped'
            )
        )::numeric, 1) as p95_ms
    from automation.automation_executions as x
    where x.rule_id is not null
    group by x.org_id, x.rule_id
) as e on r.org_id = e.org_id and r.rule_id = e.rule_id
where r.deleted_at is null;

comment on view automation.v_automation_performance is
    'How each automation rule performs: executions, success rate in percent, duration, '
    'suppressed firings.';
