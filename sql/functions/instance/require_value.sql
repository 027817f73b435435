create or replace function automation_private.require_value(p_value jsonb)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fault constant jsonb := automation_private.output_fault(p_value);
begin
    if v_fault is not null then
        raise exception using
            errcode = 'MA003',
            message = 'the value cannot be kept',
            detail = v_fault ->> 'message';
    end if;
end;
$$;

comment on function automation_private.require_value(jsonb) is
    'Raises MA003 for what could be no output either: too large, too deep, a wild number.';
