create or replace function automation_private.last_output(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns jsonb
language sql
stable
return (
    select s.output_data
    from automation.workflow_steps as s
    where s.org_id = p_org_id
        and s.instance_id = p_instance_id
        and s.scope_id = p_scope_id
        and s.scope_id <> s.instance_id
        and s.status = 'completed'
        and s.output_data is not null
    order by s.completed_at desc, s.step_id desc
    limit 1
);

comment on function automation_private.last_output(uuid, uuid, uuid) is
    'The output of the step that completed last in a scope.';
