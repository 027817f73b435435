create or replace function automation_private.action_message(
    p_action automation_private.action_call
)
returns jsonb
language sql
stable
return jsonb_build_object(
    'org', p_action.org_id,
    'instance', p_action.instance_id,
    'root', p_action.root_id,
    'step', p_action.step_id,
    'key', p_action.step_key,
    'action', p_action.action,
    'config', p_action.config,
    'attempt', p_action.attempt,
    'deliveries', 5,
    'timeout_ms', (extract(epoch from p_action.timeout) * 1000)::bigint,
    'idempotency_key', p_action.step_id
);

comment on function automation_private.action_message(automation_private.action_call) is
    'The queue message of an external action. Its idempotency key is the activation''s id, so '
    'it stays the same across retries and redeliveries.';
