create or replace function automation_private.open_inside(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns table (org_id uuid, instance_id uuid, step_id uuid, step_type text)
language sql
stable
begin atomic
    select s.org_id, s.instance_id, s.step_id, s.step_type
    from automation_private.list_inside(p_org_id, p_instance_id, p_scope_id) as s
    where s.status in ('pending', 'running', 'waiting');
end;

comment on function automation_private.open_inside(uuid, uuid, uuid) is
    'The open activations that live in an activation, without those further inside.';
