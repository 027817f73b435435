create or replace function automation_private.is_timezone(p_name text)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- without digits and commas the name cannot be a POSIX rule, which the server would accept, too
    if (p_name ~ '^(UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_-]+){1,2})$') is not true then
        return false;
    end if;
    perform now() at time zone p_name;
    return true;
exception when invalid_parameter_value then
    return false;
end;
$$;

comment on function automation_private.is_timezone(text) is
    'Whether the server knows this as an IANA time zone (Area/City, or UTC).';
