create or replace function automation_private.read_spike(p_trigger jsonb, p_pointer text)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_spike constant jsonb := p_trigger -> 'spike';
    v_pointer constant text := p_pointer || '/spike';
    v_counts constant boolean := jsonb_typeof(v_spike -> 'window') = 'number';
    v_most int := 1000;
    v_result automation_private.compiled_threshold;
begin
    v_result.errors := automation_private.check_key_type(
        p_trigger, 'spike', array['object'], p_pointer
    );
    if v_result.errors is not null then
        return v_result;
    end if;
    v_result.errors := automation_private.collect_errors(
        automation_private.check_known_keys(
            v_spike, array['sigma', 'window', 'min_samples', 'min_absolute'], v_pointer
        ),
        automation_private.check_one_of(v_spike, array['sigma'], v_pointer),
        automation_private.check_key_number(v_spike, 'sigma', 0, 100, false, v_pointer),
        automation_private.check_one_of(v_spike, array['window'], v_pointer),
        case
            when v_counts
                then automation_private.check_key_number(
                    v_spike, 'window', 2, 1000, true, v_pointer
                )
            else automation_private.check_key_duration(
                v_spike, 'window', '1 second', false, v_pointer
            )
        end
    );
    if v_counts and v_result.errors is null then
        v_most := (v_spike -> 'window')::int;
    end if;
    v_result.errors := automation_private.collect_errors(
        v_result.errors,
        automation_private.check_key_number(v_spike, 'min_samples', 1, v_most, true, v_pointer),
        case
            when v_spike ? 'min_absolute' then automation_private.check_bounds(
                v_spike -> 'min_absolute', 'above', v_pointer || '/min_absolute'
            )
        end
    );
    if v_result.errors is null then
        v_result.config := jsonb_strip_nulls(jsonb_build_object(
            'kind', 'spike', 'sigma', v_spike -> 'sigma', 'window_samples', v_most,
            'window_seconds', automation_private.read_seconds(v_spike, 'window'),
            'min_samples', coalesce(v_spike -> 'min_samples', to_jsonb(least(v_most, 10))),
            'min_absolute', v_spike -> 'min_absolute'
        ));
    end if;
    return v_result;
end;
$$;

comment on function automation_private.read_spike(jsonb, text) is
    'When a value stands out from those before it.';
