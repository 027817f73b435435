create or replace function automation_cmis.require_flag(p_config jsonb, p_name text)
returns boolean
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_config ->> p_name is null then
        return false;
    elsif p_config ->> p_name in ('true', 'false') then
        return (p_config ->> p_name)::boolean;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" is neither true nor false', p_name),
        detail = format('got %s', left((p_config -> p_name)::text, 100));
end;
$$;

comment on function automation_cmis.require_flag(jsonb, text) is
    'Whether a configuration says yes under this name; nothing is no. Raises MA001 for anything '
    'else.';
