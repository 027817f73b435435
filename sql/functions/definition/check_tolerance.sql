create or replace function automation_private.check_tolerance(p_loop jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_loop -> 'tolerated_failures') is distinct from 'string' then
        return coalesce(
            automation_private.check_key_type(
                p_loop, 'tolerated_failures', array['number', 'string'], p_pointer
            ),
            automation_private.check_key_number(
                p_loop, 'tolerated_failures', 0, 10000, true, p_pointer
            )
        );
    elsif p_loop ->> 'tolerated_failures' ~ '^(100|[0-9]{1,2}(\.[0-9]{1,6})?)%$' then
        return null;
    end if;
    return automation_private.build_error(
        p_pointer || '/tolerated_failures', 'out_of_range',
        '"tolerated_failures" must be a number of turns, or a share of them', 'such as 3 or "20%"'
    );
end;
$$;

comment on function automation_private.check_tolerance(jsonb, text) is
    'The error of tolerated failures that are neither a number nor a percentage.';
