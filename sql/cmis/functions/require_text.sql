create or replace function automation_cmis.require_text(p_config jsonb, p_name text)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_config -> p_name) = 'string' and btrim(p_config ->> p_name) <> '' then
        return p_config ->> p_name;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" must say something', p_name),
        detail = format('got %s', coalesce(left((p_config -> p_name)::text, 100), 'nothing'));
end;
$$;

comment on function automation_cmis.require_text(jsonb, text) is
    'The text that a configuration holds under this name; raises MA001 when it is missing or '
    'blank.';
