create or replace view automation.v_rule_suppressions
with (security_invoker = true) as
select
    x.org_id,
    x.rule_id,
    x.template_id,
    coalesce(r.rule_name, t.template_name) as name,
    date_trunc('hour', x.completed_at, 'UTC') as hour,
    x.reason,
    sum(x.occurrences) as suppressed,
    max(x.completed_at) as last_suppressed_at,
    (array_agg(x.event_id order by x.completed_at desc, x.execution_id desc))[:5] as last_events
from automation.automation_executions as x
left join automation.automation_rules as r on x.org_id = r.org_id and x.rule_id = r.rule_id
left join automation.workflow_templates as t
    on x.org_id = t.org_id and x.template_id = t.template_id
where x.instance_id is null
group by
    x.org_id, x.rule_id, x.template_id, coalesce(r.rule_name, t.template_name),
    date_trunc('hour', x.completed_at, 'UTC'), x.reason;

comment on view automation.v_rule_suppressions is
    'Why rules and templates did not fire although their trigger was met: per reason and hour, '
    'with the last five events of each.';
