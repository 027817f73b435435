create or replace function automation_private.has_reopenable(
    p_instance automation.workflow_instances
)
returns boolean
language sql
stable
return cardinality(automation_private.list_reopenable(p_instance)) > 0 or exists (
    select from automation_private.held_tokens as h
    where h.org_id = p_instance.org_id
        and h.instance_id = p_instance.instance_id
        and h.scope_id = h.instance_id
);

comment on function automation_private.has_reopenable(automation.workflow_instances) is
    'Whether an instance that has ended can go on from where it stood.';
