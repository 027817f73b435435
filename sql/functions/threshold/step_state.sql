create or replace function automation_private.step_state(
    p_state automation_private.threshold_state,
    p_sample jsonb,
    p_config jsonb
)
returns automation_private.threshold_state
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state automation_private.threshold_state := p_state;
    v_at constant numeric := (p_sample -> 'at')::numeric;
    v_seq constant numeric := coalesce((p_sample ->> 'seq')::numeric, 0);
    v_fault text;
begin
    v_state.fires := 0;
    v_state.levels := null;
    v_state.recovers := null;
    v_state.trace := null;
    v_state.overdue := null;
    if p_sample -> 'tick' = 'true' then
        return automation_private.pass_due(v_state, v_at, p_config);
    end if;
    v_fault := case
        when v_at < v_state.at or v_at = v_state.at and v_seq <= v_state.seq then 'out_of_order'
        else automation_private.find_fault(p_sample, p_config)
    end;
    if v_fault in ('out_of_order', 'type_mismatch', 'out_of_range')
        or v_fault is not null and p_config ->> 'on_no_data' is distinct from 'clear'
    then
        v_state.trace := v_fault;
        return v_state;
    end if;

    -- what the clock would have done at the due time comes before what came later
    if v_state.due < v_at and v_state.phase in ('pending', 'recovering') then
        v_state := automation_private.pass_due(v_state, v_state.due, p_config);
        v_state.overdue := v_state.trace;
    end if;
    v_state.at := v_at;
    v_state.seq := v_seq;
    if v_fault is null then
        return automation_private.take_value(
            v_state, (p_sample -> 'value')::numeric, v_at, p_config
        );
    end if;
    v_state.value := null;
    return automation_private.move_threshold(v_state, 'clear', v_at, p_config);
end;
$$;

comment on function automation_private.step_state(
    automation_private.threshold_state, jsonb, jsonb
) is
    'What one more sample, or that time has passed, does to a threshold''s state.';
