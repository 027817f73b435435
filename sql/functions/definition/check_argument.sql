create or replace function automation_private.check_argument(
    p_value jsonb,
    p_parameter jsonb,
    p_pointer text
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := coalesce(p_parameter ->> 'type', 'any');
begin
    if not automation_private.has_input_type(p_value, v_type) then
        return automation_private.build_error(
            p_pointer, 'wrong_type',
            format('must be of type %s, not %s', v_type,
                automation_private.describe_type(jsonb_typeof(p_value))),
            case v_type
                when 'timestamp' then 'ISO 8601 such as 2026-03-01T09:00:00Z'
                when 'date' then 'ISO 8601 such as 2026-03-01'
            end
        );
    end if;
    if not p_parameter -> 'enum' @> jsonb_build_array(p_value) then
        return automation_private.build_error(
            p_pointer, 'not_in_enum', 'must be one of the listed values',
            left(p_parameter ->> 'enum', 500)
        );
    end if;
    if automation_private.is_beyond(p_value, p_parameter -> 'min', -1)
        or automation_private.is_beyond(p_value, p_parameter -> 'max', 1)
    then
        return automation_private.build_error(
            p_pointer, 'out_of_range',
            case
                when not p_parameter ? 'max' then 'must be at least ' || (p_parameter ->> 'min')
                when not p_parameter ? 'min' then 'must be at most ' || (p_parameter ->> 'max')
                else format('must be from %s to %s', p_parameter ->> 'min', p_parameter ->> 'max')
            end
        );
    end if;
    return null;
end;
$$;

comment on function automation_private.check_argument(jsonb, jsonb, text) is
    'The first error of a value against the declaration of its input; null when it fits.';
