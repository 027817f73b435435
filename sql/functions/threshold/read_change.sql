create or replace function automation_private.read_change(p_trigger jsonb, p_pointer text)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_change constant jsonb := p_trigger -> 'change';
    v_pointer constant text := p_pointer || '/change';
    v_percent constant jsonb := v_change -> 'percent';
    v_direction text := 'above';
    v_result automation_private.compiled_threshold;
begin
    v_result.errors := automation_private.check_key_type(
        p_trigger, 'change', array['object'], p_pointer
    );
    if v_result.errors is not null then
        return v_result;
    end if;
    if v_percent < '0' and jsonb_typeof(v_percent) = 'number' then
        v_direction := 'below';
    end if;
    v_result.errors := automation_private.collect_errors(
        automation_private.check_known_keys(v_change, array['percent', 'window'], v_pointer),
        automation_private.check_one_of(v_change, array['percent'], v_pointer),
        case
            when v_change ? 'percent' then coalesce(
                automation_private.check_bounds(v_percent, 'above', v_pointer || '/percent'),
                case
                    when v_percent = '0' then automation_private.build_error(
                        v_pointer || '/percent', 'out_of_range', '"percent" cannot be 0',
                        'more than 0 for a rise, less for a fall'
                    )
                end,
                automation_private.check_clear_at(p_trigger, v_percent, v_direction, p_pointer)
            )
        end,
        automation_private.check_one_of(v_change, array['window'], v_pointer),
        automation_private.check_key_duration(v_change, 'window', '1 second', false, v_pointer)
    );
    if v_result.errors is null then
        v_result.config := jsonb_build_object(
            'kind', 'change', 'direction', v_direction, 'fire_at', v_percent,
            'clear_at', coalesce(p_trigger -> 'clear_at', v_percent),
            'window_seconds', automation_private.read_seconds(v_change, 'window')
        );
    end if;
    return v_result;
end;
$$;

comment on function automation_private.read_change(jsonb, text) is
    'By how many percent a value rises or falls from one window to the next.';
