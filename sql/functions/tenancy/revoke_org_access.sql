create or replace function automation.revoke_org_access(p_login name, p_org_id uuid)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_admin();
    delete from automation_private.org_access as a
    where a.login = p_login and a.org_id = p_org_id;
    return found;
end;
$$;

comment on function automation.revoke_org_access(name, uuid) is
    'Takes a login role''s access to an organisation away; false when it had none. '
    'Administrators only.';
