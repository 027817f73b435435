create or replace function automation_private.pass_due(
    p_state automation_private.threshold_state,
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
begin
    if p_at < p_state.due or p_state.due is null then
        v_state.trace := 'not_due';
    elsif p_at <= p_state.at + (p_config -> 'stale_after')::numeric
        or not p_config ? 'stale_after'
    then
        return case p_state.phase
            when 'recovering'
                then automation_private.enter_phase(p_state, 'clear', p_at, null, 'cleared')
            when 'pending'
                then automation_private.fire_threshold(p_state, p_at, p_config, 'crossed')
            else automation_private.fire_threshold(p_state, p_at, p_config, 'repeated')
        end;
    elsif p_state.phase = 'pending' then
        return automation_private.enter_phase(p_state, 'clear', p_at, null, 'stale');
    else
        v_state.due := null;
        v_state.trace := 'stale';
    end if;
    return v_state;
end;
$$;

comment on function automation_private.pass_due(
    automation_private.threshold_state, numeric, jsonb
) is
    'What the passing of time does to a threshold''s state.';
