create or replace view automation.v_pending_approvals
with (security_invoker = true) as
select
    a.org_id,
    a.step_id,
    a.instance_id,
    coalesce(i.instance_name, t.template_name, r.rule_name) as workflow_name,
    i.template_id,
    i.rule_id,
    a.step_key,
    a.message,
    a.content,
    a.content_hash,
    a.revision,
    a.approvers,
    a.level,
    a.required,
    a.approvals,
    a.awaited,
    a.due_at,
    a.requested_at as waiting_since,
    a.requested_by
from automation.approvals as a
inner join automation.workflow_instances as i
    on a.org_id = i.org_id and a.instance_id = i.instance_id
left join automation.workflow_templates as t
    on i.org_id = t.org_id and i.template_id = t.template_id
left join automation.automation_rules as r on i.org_id = r.org_id and i.rule_id = r.rule_id
where a.status = 'open';

comment on view automation.v_pending_approvals is
    'What waits for approval: what and since when, how many of how many have approved, and in '
    '"awaited" whose vote is missing.';
