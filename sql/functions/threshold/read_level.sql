create or replace function automation_private.read_level(
    p_trigger jsonb,
    p_key text,
    p_pointer text
)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_result automation_private.compiled_threshold;
    v_direction text := p_key;
    v_fire_at jsonb;
    v_clear_at jsonb;
    v_errors jsonb;
begin
    if p_key in ('threshold', 'value') then
        v_result := automation_private.read_operator_form(p_trigger, p_pointer);
        v_direction := v_result.config ->> 'direction';
    end if;
    v_fire_at := automation_private.read_bounds(p_trigger -> p_key, v_direction);
    v_clear_at := automation_private.read_bounds(
        coalesce(p_trigger -> 'clear_at', p_trigger -> p_key), v_direction
    );
    v_errors := automation_private.check_bounds(v_fire_at, v_direction, p_pointer || '/' || p_key);
    if v_errors is null and p_trigger ? 'hysteresis' then
        v_errors := automation_private.check_hysteresis(
            p_trigger, v_fire_at, v_direction, p_pointer
        );
        if v_errors is null then
            v_clear_at := automation_private.shift_bounds(
                v_fire_at, v_direction, -(p_trigger -> 'hysteresis')::numeric
            );
            v_fire_at := automation_private.shift_bounds(
                v_fire_at, v_direction, (p_trigger -> 'hysteresis')::numeric
            );
        end if;
    elsif v_errors is null then
        v_errors := automation_private.check_clear_at(
            p_trigger, v_fire_at, v_direction, p_pointer
        );
    end if;
    v_result.errors := automation_private.collect_errors(v_result.errors, v_errors);
    v_result.config := coalesce(v_result.config, '{}') || jsonb_build_object(
        'kind', 'level', 'direction', v_direction, 'fire_at', v_fire_at, 'clear_at', v_clear_at
    );
    return v_result;
end;
$$;

comment on function automation_private.read_level(jsonb, text, text) is
    'Where a value fires and where it clears, from the key that says so.';
