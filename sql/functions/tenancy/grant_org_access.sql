create or replace function automation.grant_org_access(
    p_login name,
    p_org_id uuid,
    p_role_code text default 'admin'
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_admin();
    perform automation_private.require_role_code(p_role_code);
    if p_org_id is null or to_regrole(quote_ident(p_login)) is null then
        raise exception using
            errcode = 'MA001',
            message = 'access needs an existing role and an organisation',
            detail = format('role %s, organisation %s', p_login, p_org_id);
    end if;
    insert into automation_private.org_settings (org_id) values (p_org_id)
    on conflict (org_id) do nothing;
    insert into automation_private.org_access (login, org_id, role_code)
    values (p_login, p_org_id, p_role_code)
    on conflict (login, org_id) do update
        set role_code = excluded.role_code, granted_at = default, granted_by = default;
end;
$$;

comment on function automation.grant_org_access(name, uuid, text) is
    'Lets a login role act for an organisation, with the permissions of the role code when it '
    'names no user. Registers the organisation if it is new. Administrators only.';
