create or replace function automation.my_permissions()
returns text[]
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation.current_org_id();
    v_user uuid := automation.current_user_id();
    v_role text;
begin
    if v_org is null then
        return '{}'::text[];
    end if;
    if coalesce(current_setting('app.current_user_id', true), '') <> '' then
        select m.role_code into v_role
        from automation.org_members as m
        where m.org_id = v_org and m.user_id = v_user;
    else
        select coalesce(a.role_code, b.role_code) into v_role
        from (select session_user as login) as s
        left join automation_private.org_access as a on a.login = s.login and a.org_id = v_org
        left join automation_private.brokers as b on b.login = s.login;
    end if;
    return coalesce(
        (
            select r.permissions
            from automation.role_permissions as r
            where r.org_id = v_org and r.role_code = v_role
        ),
        automation_private.default_permissions(v_role)
    );
end;
$$;

comment on function automation.my_permissions() is
    'What the caller may do in the current organisation: as the claimed user, or, when no user is '
    'named, as what the login role was granted. Somebody who is no member may do nothing.';
