create or replace function automation_private.take_value(
    p_state automation_private.threshold_state,
    p_value numeric,
    p_at numeric,
    p_config jsonb
)
returns automation_private.threshold_state
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state automation_private.threshold_state := p_state;
    v_kind constant text := p_config ->> 'kind';
    v_length constant numeric := (p_config -> 'window_seconds')::numeric;
    v_zone text;
begin
    v_state.value := p_value;
    v_state.samples := coalesce(p_state.samples, 0) + 1;
    if v_kind = 'spike' then
        v_state.held_window :=
            automation_private.slide_values(p_state.held_window, p_at - v_length, null);
        v_zone := automation_private.judge_spike(v_state.held_window, p_value, p_config);
        v_state.held_window :=
            automation_private.append_value(v_state.held_window, p_value, p_at, p_config);
    elsif v_kind = 'change' then
        v_state.held_window := automation_private.slide_slots(
            automation_private.append_to_slot(p_state.held_window, p_value, p_at, p_config),
            p_at, v_length
        );
        v_zone := automation_private.judge_change(v_state.held_window, p_config);
    elsif v_state.samples < (p_config -> 'min_samples')::numeric then
        v_zone := 'too_few_samples';
    elsif v_kind = 'milestones' then
        return automation_private.reach_milestones(v_state, p_value, p_at, p_config);
    else
        v_zone := automation_private.judge_level(p_value, p_config);
    end if;

    if v_zone in ('too_few_samples', 'no_baseline') then
        if p_config ->> 'on_no_data' is distinct from 'clear' then
            v_state.trace := v_zone;
            return v_state;
        end if;
        v_zone := 'clear';
    end if;
    return automation_private.move_threshold(v_state, v_zone, p_at, p_config);
end;
$$;

comment on function automation_private.take_value(
    automation_private.threshold_state, numeric, numeric, jsonb
) is
    'What a value does to a threshold''s state.';
