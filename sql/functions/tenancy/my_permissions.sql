create or replace function automation.my_permissions()
returns text[]
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation.current_org_id();
    v_of_login text[];
    v_of_user text[];
begin
    if v_org is null then
        return '{}'::text[];
    end if;
    select automation_private.permissions_of(v_org, coalesce(a.role_code, b.role_code))
    into v_of_login
    from (select session_user as login) as s
    left join automation_private.org_access as a on a.login = s.login and a.org_id = v_org
    left join automation_private.brokers as b on b.login = s.login;
    if coalesce(current_setting('app.current_user_id', true), '') = '' then
        return v_of_login;
    end if;

    select automation_private.permissions_of(v_org, m.role_code) into v_of_user
    from automation.org_members as m
    where m.org_id = v_org and m.user_id = automation.current_user_id();
    -- a claim must not widen what the login was granted; only a broker vouches for whom it names
    if not exists (select from automation_private.brokers as b where b.login = session_user) then
        v_of_user := array(
            select p.name from unnest(v_of_user) as p (name) where p.name = any (v_of_login)
        );
    end if;
    return coalesce(v_of_user, '{}'::text[]);
end;
$$;

comment on function automation.my_permissions() is
    'What the caller may do in the current organisation: as the user it names (a login that is no '
    'broker within what the login was granted), or, when no user is named, as what the login was '
    'granted. Somebody who is no member may do nothing.';
