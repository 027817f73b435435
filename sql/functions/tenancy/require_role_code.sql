create or replace function automation_private.require_role_code(p_role_code text)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(p_role_code, '') !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception using
            errcode = 'MA001',
            message = 'a role code is a lower-case name',
            detail = format('got %L', p_role_code),
            hint = 'such as owner, admin, marketing_manager, content_creator, viewer';
    end if;
end;
$$;

comment on function automation_private.require_role_code(text) is
    'Raises MA001 unless the argument has the form of a role code.';
