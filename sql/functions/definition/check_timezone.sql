create or replace function automation_private.check_timezone(p_object jsonb, p_pointer text)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_object -> 'timezone') is distinct from 'string' then
        return automation_private.check_key_type(p_object, 'timezone', array['string'], p_pointer);
    end if;
    if automation_private.is_timezone(p_object ->> 'timezone') then
        return null;
    end if;
    return automation_private.build_error(
        p_pointer || '/timezone', 'unknown_timezone',
        format('there is no timezone "%s"', left(p_object ->> 'timezone', 100)),
        'IANA names such as Asia/Bahrain, or UTC'
    );
end;
$$;

comment on function automation_private.check_timezone(jsonb, text) is
    'The error of an object''s timezone; null when it is an IANA name, or absent.';
