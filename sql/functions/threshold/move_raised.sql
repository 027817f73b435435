create or replace function automation_private.move_raised(
    p_state automation_private.threshold_state,
    p_zone text,
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
    v_is_firing constant boolean := p_state.phase = 'firing';
    v_wait constant numeric := coalesce((p_config -> 'recovery_for')::numeric, 0);
    -- what was armed silently has not fired, and does not repeat that
    v_repeat constant numeric := p_state.fired_at + (p_config -> 'repeat_every')::numeric;
    -- a time that passed while nothing fresh was known is gone from due, and overdue
    v_due constant numeric := coalesce(p_state.due, p_at);
begin
    if p_zone = 'clear' and v_is_firing and v_wait > 0 then
        return automation_private.enter_phase(
            p_state, 'recovering', p_at, p_at + v_wait, 'recovering'
        );
    elsif p_zone = 'clear' and (v_is_firing or v_due <= p_at) then
        return automation_private.enter_phase(p_state, 'clear', p_at, null, 'cleared');
    elsif p_zone <> 'clear'
        and (v_is_firing and v_due <= p_at and v_repeat is not null
            or not v_is_firing and v_repeat <= p_at)
    then
        return automation_private.fire_threshold(p_state, p_at, p_config, 'repeated');
    elsif p_zone <> 'clear' and not v_is_firing then
        return automation_private.enter_phase(p_state, 'firing', p_at, v_repeat, 'relapsed');
    end if;
    v_state.trace := case when v_is_firing then 'held' else 'recovering' end;
    return v_state;
end;
$$;

comment on function automation_private.move_raised(
    automation_private.threshold_state, text, numeric, jsonb
) is
    'What a value in that zone does to a threshold that is firing or recovering.';
