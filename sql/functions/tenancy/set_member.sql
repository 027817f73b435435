create or replace function automation.set_member(p_user_id uuid, p_role_code text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('admin');
begin
    if p_user_id is null then
        raise exception using errcode = 'MA001', message = 'a member needs a user id';
    end if;
    if p_role_code is null then
        delete from automation.org_members as m
        where m.org_id = v_org and m.user_id = p_user_id;
    else
        perform automation_private.require_role_code(p_role_code);
        insert into automation.org_members (org_id, user_id, role_code)
        values (v_org, p_user_id, p_role_code)
        on conflict (org_id, user_id) do update set role_code = excluded.role_code;
    end if;
    perform automation_private.record_audit(
        v_org, 'set_member', 'user', p_user_id, jsonb_build_object('role_code', p_role_code)
    );
    perform automation_private.recheck_approvals(v_org);
end;
$$;

comment on function automation.set_member(uuid, text) is
    'Gives a user a role in the current organisation; a null role code removes the user.';
