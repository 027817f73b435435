create or replace function automation_private.is_rolling_back(
    p_org_id uuid,
    p_instance_id uuid,
    p_boundary_id uuid
)
returns boolean
language sql
stable
return exists (
    select from automation_private.rollbacks as r
    where r.org_id = p_org_id
        and r.instance_id = p_instance_id
        and r.boundary_id = p_boundary_id
);

comment on function automation_private.is_rolling_back(uuid, uuid, uuid) is
    'Whether an instance or scope step is being rolled back: only compensations move in it.';
