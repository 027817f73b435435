create or replace function automation_private.is_paused(p_org_id uuid)
returns boolean
language sql
stable
return false and p_org_id is not null;

comment on function automation_private.is_paused(uuid) is
    'Whether an organisation is paused.';
