create or replace function automation.set_role_permissions(
    p_role_code text,
    p_permissions text[]
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('admin');
begin
    perform automation_private.require_role_code(p_role_code);
    if not p_permissions <@ automation_private.default_permissions('owner') then
        raise exception using
            errcode = 'MA001',
            message = 'unknown permission',
            detail = format('got %s', p_permissions),
            hint = 'view, edit, publish, run, approve, admin; null returns to the defaults';
    end if;
    if p_permissions is null then
        delete from automation.role_permissions as r
        where r.org_id = v_org and r.role_code = p_role_code;
    else
        insert into automation.role_permissions (org_id, role_code, permissions)
        values (v_org, p_role_code, p_permissions)
        on conflict (org_id, role_code) do update set permissions = excluded.permissions;
    end if;
    perform automation_private.record_audit(
        v_org, 'set_role_permissions', 'role', null,
        jsonb_build_object('role_code', p_role_code, 'permissions', p_permissions)
    );
    perform automation_private.recheck_approvals(v_org);
end;
$$;

comment on function automation.set_role_permissions(text, text[]) is
    'Overrides what a role may do in the current organisation; null returns to the defaults.';
