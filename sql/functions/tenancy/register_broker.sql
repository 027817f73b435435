create or replace function automation.register_broker(
    p_login name,
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
    if to_regrole(quote_ident(p_login)) is null then
        raise exception using
            errcode = 'MA001',
            message = 'a broker is an existing login role',
            detail = format('got %s', p_login);
    end if;
    insert into automation_private.brokers (login, role_code) values (p_login, p_role_code)
    on conflict (login) do update
        set role_code = excluded.role_code, granted_at = default, granted_by = default;
end;
$$;

comment on function automation.register_broker(name, text) is
    'Lets a login role act for every registered organisation: the platform''s backend, a '
    'worker, the clock. The role code counts when it names no user. Administrators only.';
