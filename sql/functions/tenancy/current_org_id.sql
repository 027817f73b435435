create or replace function automation.current_org_id()
returns uuid
language plpgsql
stable
security definer
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.setting_as_uuid('app.current_org_id');
begin
    if v_org is null then
        return null;
    end if;
    if exists (
        select from automation_private.org_access as a
        where a.login = session_user and a.org_id = v_org
    ) then
        return v_org;
    end if;
    if exists (
        select from automation_private.brokers as b where b.login = session_user
    ) and exists (
        select from automation_private.org_settings as o where o.org_id = v_org
    ) then
        return v_org;
    end if;
    return null;
end;
$$;

comment on function automation.current_org_id() is
    'The organisation that app.current_org_id names, if the login role may act for it; else null. '
    'The setting selects, the login role authorises.';
