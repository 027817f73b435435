create or replace function automation_private.attempt_end(
    p_org_id uuid,
    p_instance_id uuid,
    p_step_id uuid,
    p_attempt int
)
returns timestamptz
language sql
stable
return (
    select case
        when s.attempt = p_attempt then s.completed_at
        else (
            select (e.value ->> 'ended_at')::timestamptz
            from jsonb_array_elements(s.earlier_attempts) as e
            where (e.value ->> 'attempt')::int = p_attempt
            limit 1
        )
    end
    from automation.workflow_steps as s
    where s.org_id = p_org_id
        and s.instance_id = p_instance_id
        and s.step_id = p_step_id
        and p_attempt is not null
);

comment on function automation_private.attempt_end(uuid, uuid, uuid, int) is
    'When an attempt of an action ended; null when that is not known.';
