create or replace function automation_private.check_number_value(
    p_schema jsonb, p_value jsonb, p_pointer text
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when p_value < p_schema -> 'minimum' then jsonb_build_array(automation_private.build_error(
            p_pointer, 'minimum', format('must be at least %s', p_schema ->> 'minimum'),
            p_schema ->> 'description'))
        when p_value > p_schema -> 'maximum' then jsonb_build_array(automation_private.build_error(
            p_pointer, 'maximum', format('must be at most %s', p_schema ->> 'maximum'),
            p_schema ->> 'description'))
    end;
end;
$$;

comment on function automation_private.check_number_value(jsonb, jsonb, text) is
    'The error of a number outside its bounds; null when it fits.';
