create or replace function automation_private.describe_approval(p_approval automation.approvals)
returns jsonb
language sql
stable
return jsonb_build_object(
    'step_id', p_approval.step_id,
    'instance_id', p_approval.instance_id,
    'step', p_approval.step_key,
    'status', p_approval.status,
    'message', left(p_approval.message, 2000),
    'content_hash', p_approval.content_hash,
    'revision', p_approval.revision,
    'level', p_approval.level,
    'required', p_approval.required,
    'approvals', p_approval.approvals,
    'awaited', to_jsonb(p_approval.awaited[:100]),
    'requested_by', p_approval.requested_by,
    'due_at', p_approval.due_at,
    'decided_by', p_approval.decided_by,
    'comment', p_approval.comment
);

comment on function automation_private.describe_approval(automation.approvals) is
    'An approval as notifications and events tell of it: without its content, and with at most a '
    'hundred of those who are awaited.';
