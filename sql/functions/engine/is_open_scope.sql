create or replace function automation_private.is_open_scope(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns boolean
language sql
stable
return exists (
    select from automation.workflow_steps as s
    where s.org_id = p_org_id
        and s.instance_id = p_instance_id
        and s.step_id = p_scope_id
        and s.status = 'running'
);

comment on function automation_private.is_open_scope(uuid, uuid, uuid) is
    'Whether a split, scope or turn of a loop has not closed yet.';
