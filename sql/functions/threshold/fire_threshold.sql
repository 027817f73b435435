create or replace function automation_private.fire_threshold(
    p_state automation_private.threshold_state,
    p_at numeric,
    p_config jsonb,
    p_trace text
)
returns automation_private.threshold_state
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state automation_private.threshold_state := p_state;
begin
    if p_state.phase <> 'firing' then
        v_state.since := p_at;
    end if;
    v_state.phase := 'firing';
    v_state.due := p_at + (p_config -> 'repeat_every')::numeric;
    if p_at < v_state.fired_at + (p_config -> 'cooldown')::numeric then
        v_state.trace := 'cooldown';
    else
        v_state.trace := p_trace;
        v_state.fires := 1;
        v_state.fired_at := p_at;
    end if;
    return v_state;
end;
$$;

comment on function automation_private.fire_threshold(
    automation_private.threshold_state, numeric, jsonb, text
) is
    'A threshold''s state when it fires, or would but for its cooldown.';
