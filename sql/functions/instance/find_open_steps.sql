create or replace function automation_private.find_open_steps(
    p_instance automation.workflow_instances,
    p_step text,
    p_step_id uuid
)
returns automation.workflow_steps[]
language sql
stable
return array(
    select s
    from automation.workflow_steps as s
    where s.org_id = p_instance.org_id
        and s.instance_id = p_instance.instance_id
        and s.step_key = p_step
        and s.status in ('pending', 'running', 'waiting')
        and case
            when p_step_id is null then s.step_type <> 'iteration'
            else s.step_id = p_step_id
        end
    order by s.step_id
);

comment on function automation_private.find_open_steps(
    automation.workflow_instances, text, uuid
) is
    'The open activations of a step, or one of them. A turn of a loop is found only by its own id.';
