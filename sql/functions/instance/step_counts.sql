create or replace function automation_private.step_counts(
    p_org_id uuid,
    p_instance_id uuid,
    p_log_actions boolean
)
returns table (
    completed int,
    failed int,
    actions int,
    actions_completed int,
    actions_failed int,
    log jsonb
)
language sql
stable
begin atomic
    select
        count(*) filter (where s.status = 'completed'),
        count(*) filter (where s.status = 'failed'),
        count(*) filter (where s.step_type = 'action' and s.status in ('completed', 'failed')),
        count(*) filter (where s.step_type = 'action' and s.status = 'completed'),
        count(*) filter (where s.step_type = 'action' and s.status = 'failed'),
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'step', s.step_key, 'status', s.status, 'ended_at', s.completed_at,
                'execution_time_ms', s.execution_time_ms, 'attempts', s.attempt,
                'error', s.error
            )) order by s.step_id
        ) filter (where s.status = 'failed' or p_log_actions and s.step_type = 'action')
    from automation.workflow_steps as s
    where s.org_id = p_org_id
        and s.instance_id = p_instance_id
        and s.step_type <> 'iteration';
end;

comment on function automation_private.step_counts(uuid, uuid, boolean) is
    'What an instance''s activations came to, and a log of those that failed or, if wanted, of all '
    'actions.';
