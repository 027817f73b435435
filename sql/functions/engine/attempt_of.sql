create or replace function automation_private.attempt_of(
    p_org_id uuid,
    p_instance_id uuid,
    p_step_id uuid
)
returns int
language sql
stable
return (
    select s.attempt
    from automation.workflow_steps as s
    where s.org_id = p_org_id and s.instance_id = p_instance_id and s.step_id = p_step_id
);

comment on function automation_private.attempt_of(uuid, uuid, uuid) is
    'Which attempt an activation is at.';
