create or replace function automation_private.check_hysteresis(
    p_trigger jsonb,
    p_fire_at jsonb,
    p_direction text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_errors jsonb := automation_private.collect_errors(
        case
            when p_trigger ? 'clear_at' then automation_private.build_error(
                p_pointer || '/hysteresis', 'conflicting_keys',
                '"hysteresis" and "clear_at" exclude each other'
            )
        end,
        automation_private.check_bounds(
            p_trigger -> 'hysteresis', 'above', p_pointer || '/hysteresis'
        )
    );
    v_width numeric;
begin
    if v_errors is not null then
        return v_errors;
    end if;
    v_width := (p_trigger -> 'hysteresis')::numeric;
    if v_width < 0 or p_direction in ('outside', 'inside')
        and 2 * v_width >= (p_fire_at -> 1)::numeric - (p_fire_at -> 0)::numeric
    then
        return automation_private.build_error(
            p_pointer || '/hysteresis', 'out_of_range',
            case
                when v_width < 0 then '"hysteresis" cannot be negative'
                else '"hysteresis" leaves nothing of the range'
            end,
            'a threshold T with hysteresis h fires beyond T + h and clears beyond T - h'
        );
    end if;
    return null;
end;
$$;

comment on function automation_private.check_hysteresis(jsonb, jsonb, text, text) is
    'What is wrong with the hysteresis of a threshold; null when it is sound.';
