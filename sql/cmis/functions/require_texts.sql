create or replace function automation_cmis.require_texts(p_config jsonb, p_name text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_texts jsonb := coalesce(nullif(p_config -> p_name, 'null'), '[]');
begin
    if jsonb_typeof(v_texts) = 'array'
        and not jsonb_path_exists(v_texts, 'strict $[*] ? (@.type() != "string")')
    then
        return v_texts;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" must be a list of texts', p_name),
        detail = format('got %s', left(v_texts::text, 100)),
        hint = '["one", "two"]';
end;
$$;

comment on function automation_cmis.require_texts(jsonb, text) is
    'The list of texts that a configuration holds under this name, empty when it holds none; '
    'raises MA001 for anything else.';
