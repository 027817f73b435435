create or replace function automation_private.read_number(p_value jsonb)
returns numeric
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number numeric;
begin
    if jsonb_typeof(p_value) = 'number' then
        v_number := p_value::numeric;
    elsif p_value #>> '{}' ~ '^ *-?\d{1,38}(\.\d{1,38})? *$' then
        v_number := (p_value #>> '{}')::numeric;
    end if;
    return case when abs(v_number) < 1e38 and scale(v_number) <= 38 then v_number end;
end;
$$;

comment on function automation_private.read_number(jsonb) is
    'A number, or text that is exactly one, of at most 38 digits on either side of the point; '
    'else null.';
