create or replace function automation_private.require_permission(p_permission text)
returns uuid
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation.current_org_id();
begin
    if v_org is null then
        raise exception using
            errcode = 'MA300',
            message = 'no organisation is selected that this login may act for',
            detail = format('login %s', session_user),
            hint = 'set app.current_org_id to an organisation granted to the login';
    end if;
    if not p_permission = any (automation.my_permissions()) then
        raise exception using
            errcode = 'MA301',
            message = format('permission "%s" is missing', p_permission),
            detail = format(
                'login %s, user %s',
                session_user, coalesce(automation.current_user_id()::text, 'none')
            ),
            hint = 'ask an owner of the organisation for a role that has it';
    end if;
    return v_org;
end;
$$;

comment on function automation_private.require_permission(text) is
    'The current organisation, if the caller has the permission in it; raises MA300 or MA301 '
    'otherwise.';
