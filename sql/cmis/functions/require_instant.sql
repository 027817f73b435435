create or replace function automation_cmis.require_instant(p_config jsonb, p_name text)
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_config ->> p_name
        ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$' then
        return (p_config ->> p_name)::timestamptz;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" is not an instant', p_name),
        detail = format('got %s', coalesce(left((p_config -> p_name)::text, 100), 'nothing')),
        hint = 'give date, time and offset, such as 2031-05-01T08:00:00+03:00';
end;
$$;

comment on function automation_cmis.require_instant(jsonb, text) is
    'The instant that a configuration holds under this name; raises MA001 when it is none.';
