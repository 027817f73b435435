create or replace function automation_private.step_counts(p_org_id uuid, p_instance_id uuid)
returns table (
    completed int,
    failed int,
    actions int,
    actions_completed int,
    actions_failed int,
    failures jsonb
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
            jsonb_build_object('step', s.step_key, 'error', s.error, 'ended_at', s.completed_at)
            order by s.step_id
        ) filter (where s.status = 'failed')
    from automation.workflow_steps as s
    where s.org_id = p_org_id and s.instance_id = p_instance_id;
end;

comment on function automation_private.step_counts(uuid, uuid) is
    'What an instance''s activations came to, and a list of those that failed.';
