create or replace function automation_private.move_threshold(
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
    v_wait constant numeric := coalesce((p_config -> 'for')::numeric, 0);
begin
    v_state.trace := case p_state.phase when 'clear' then 'below' else p_state.phase end;
    if p_state.phase in ('firing', 'recovering') then
        return automation_private.move_raised(p_state, p_zone, p_at, p_config);
    elsif p_zone <> 'fire' and p_state.phase = 'unknown' then
        return automation_private.enter_phase(p_state, 'clear', p_at, null, 'first_sample');
    elsif p_zone <> 'fire' and p_state.phase = 'pending' then
        return automation_private.enter_phase(p_state, 'clear', p_at, null, 'cancelled');
    elsif p_zone <> 'fire' or p_state.phase = 'pending' and p_at < p_state.due then
        return v_state;
    elsif p_state.phase = 'unknown' and p_config ->> 'first' is distinct from 'fire_if_true' then
        return automation_private.enter_phase(p_state, 'firing', p_at, null, 'armed');
    elsif p_state.phase <> 'pending' and v_wait > 0 then
        return automation_private.enter_phase(
            p_state, 'pending', p_at, p_at + v_wait, 'pending'
        );
    end if;
    return automation_private.fire_threshold(p_state, p_at, p_config, 'crossed');
end;
$$;

comment on function automation_private.move_threshold(
    automation_private.threshold_state, text, numeric, jsonb
) is
    'What a value in that zone does to a threshold''s state.';
