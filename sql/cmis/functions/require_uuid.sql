create or replace function automation_cmis.require_uuid(p_config jsonb, p_name text)
returns uuid
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_config ->> p_name
        ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
        return (p_config ->> p_name)::uuid;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" is not an id', p_name),
        detail = format('got %s', coalesce(left((p_config -> p_name)::text, 100), 'nothing')),
        hint = 'give a uuid';
end;
$$;

comment on function automation_cmis.require_uuid(jsonb, text) is
    'The id that a configuration holds under this name; raises MA001 when it is none.';
