create or replace function automation_private.describe_vote(
    p_approval automation.approvals,
    p_status text
)
returns jsonb
language sql
stable
return jsonb_build_object(
    'status', p_status,
    'decision', automation_private.decision_of(p_approval.status),
    'by', p_approval.decided_by,
    'approvals', p_approval.approvals,
    'required', p_approval.required,
    'awaited', cardinality(p_approval.awaited),
    'content_hash', p_approval.content_hash,
    'step_id', p_approval.step_id,
    'instance_id', p_approval.instance_id
);

comment on function automation_private.describe_vote(automation.approvals, text) is
    'What became of a vote, and how the approval stands now.';
