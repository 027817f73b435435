create or replace function automation_private.require_admin()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not pg_has_role(session_user, 'automation_admin', 'member') then
        raise exception using
            errcode = 'MA302',
            message = 'only the installation''s administrators may do this',
            detail = format('login %s', session_user),
            hint = 'call it as a login role that is a member of automation_admin';
    end if;
end;
$$;

comment on function automation_private.require_admin() is
    'Raises MA302 unless the login role is a member of automation_admin.';
