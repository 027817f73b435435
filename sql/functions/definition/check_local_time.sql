create or replace function automation_private.check_local_time(p_object jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_key_type(p_object, 'at', array['string'], p_pointer),
        case
            when jsonb_typeof(p_object -> 'at') = 'string'
                and p_object ->> 'at' !~ '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$'
                then automation_private.build_error(
                    p_pointer || '/at', 'invalid_time', '"at" must be a local time of day',
                    'from 00:00 to 23:59, such as 09:30'
                )
        end,
        automation_private.check_key_type(p_object, 'days', array['array'], p_pointer),
        case
            when p_object -> 'days' = '[]'
                or jsonb_typeof(p_object -> 'days') = 'array'
                and not p_object -> 'days' <@ '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
                then automation_private.build_error(
                    p_pointer || '/days', 'invalid_days', '"days" must list days of the week',
                    'from mon, tue, wed, thu, fri, sat, sun'
                )
        end,
        case
            when not p_object ? 'at' then automation_private.check_unused(
                p_object, array['days'], 'it goes with "at"', p_pointer
            )
        end
    );
end;
$$;

comment on function automation_private.check_local_time(jsonb, text) is
    'The errors of "at" and "days": a local time of day and the days of the week it is wanted on.';
