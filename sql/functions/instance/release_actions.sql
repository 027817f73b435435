create or replace function automation_private.release_actions(
    p_org_id uuid,
    p_instance_ids uuid[]
)
returns void
language sql
volatile
begin atomic
    -- one that is there still is just being claimed, and is sent when the caller has committed
    insert into automation_private.pending_actions (
        org_id, step_id, instance_id, root_id, action
    )
    select s.org_id, s.step_id, s.instance_id, i.root_id, d.action
    from automation.workflow_steps as s
    inner join automation.workflow_instances as i
        on i.org_id = s.org_id and i.instance_id = s.instance_id
    inner join automation.workflow_definition_steps as d
        on d.org_id = i.org_id
            and d.definition_id = i.definition_id
            and d.step_order = s.step_order
    where s.org_id = p_org_id
        and s.instance_id = any (p_instance_ids)
        and s.status = 'pending'
        and not exists (
            select from automation_private.pending_actions as p
            where p.org_id = s.org_id and p.step_id = s.step_id
        );
end;

comment on function automation_private.release_actions(uuid, uuid[]) is
    'Lets the pending actions of instances wait for the queue again. Their families are locked.';
