create or replace function automation_cmis.require_number(p_config jsonb, p_name text)
returns numeric
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_config ->> p_name ~ '^-?\d{1,15}(\.\d{1,15})?$' then
        return (p_config ->> p_name)::numeric;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" is not a number', p_name),
        detail = format('got %s', coalesce(left((p_config -> p_name)::text, 100), 'nothing')),
        hint = 'give a plain number such as 12.5';
end;
$$;

comment on function automation_cmis.require_number(jsonb, text) is
    'The number that a configuration holds under this name, as a number or as text; raises MA001 '
    'when it is none.';
