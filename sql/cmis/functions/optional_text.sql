create or replace function automation_cmis.optional_text(p_config jsonb, p_name text)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_config ->> p_name is null then
        return null;
    end if;
    return automation_cmis.require_text(p_config, p_name);
end;
$$;

comment on function automation_cmis.optional_text(jsonb, text) is
    'The text that a configuration holds under this name, null when it holds none; raises MA001 '
    'when it is blank or no text.';
