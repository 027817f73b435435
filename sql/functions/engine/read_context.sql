create or replace function automation_private.read_context(
    p_org_id uuid,
    p_instance_id uuid,
    p_iteration_id uuid,
    p_reads text[],
    p_now timestamptz
)
returns jsonb
language sql
stable
return (
    select automation_private.build_context(
        p_reads, i.org_id, i.instance_id, p_iteration_id,
        automation_private.read_locals(i.org_id, i.instance_id, p_iteration_id),
        i.context_data, i.step_outputs, i.trigger_data, i.input_data, i.instance_name,
        i.timezone, i.started_at, p_now
    )
    from automation.workflow_instances as i
    where i.org_id = p_org_id and i.instance_id = p_instance_id
);

comment on function automation_private.read_context(uuid, uuid, uuid, text[], timestamptz) is
    'What a step of an instance, in a turn of a loop or outside, sees now.';
