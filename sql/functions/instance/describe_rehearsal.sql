create or replace function automation_private.describe_rehearsal(
    p_org_id uuid,
    p_instance_id uuid
)
returns jsonb
language sql
stable
return (
    select jsonb_build_object(
        'status', i.status, 'reason', i.stop_reason, 'output', i.execution_results,
        'error', i.error_details,
        'steps', (
            select coalesce(jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'step', s.step_key, 'type', s.step_type, 'status', s.status,
                    'attempts', s.attempt, 'branch', s.branch_taken, 'input', s.input_data,
                    'output', s.output_data, 'error', s.error
                )) order by s.step_id
            ), '[]')
            from automation.workflow_steps as s
            where s.org_id = i.org_id and s.instance_id = i.instance_id
        )
    )
    from automation.workflow_instances as i
    where i.org_id = p_org_id and i.instance_id = p_instance_id
);

comment on function automation_private.describe_rehearsal(uuid, uuid) is
    'What a rehearsal came to: status, output, error and every step it visited.';
