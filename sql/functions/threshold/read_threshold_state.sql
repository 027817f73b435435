create or replace function automation_private.read_threshold_state(p_state jsonb)
returns automation_private.threshold_state
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state automation_private.threshold_state;
begin
    v_state.phase := coalesce(p_state ->> 'phase', 'unknown');
    v_state.fires := 0;
    if p_state is null then
        return v_state;
    end if;
    v_state.since := (p_state -> 'since')::numeric;
    v_state.due := (p_state -> 'due')::numeric;
    v_state.value := (p_state -> 'value')::numeric;
    v_state.at := (p_state -> 'at')::numeric;
    v_state.seq := (p_state -> 'seq')::numeric;
    v_state.samples := (p_state -> 'samples')::bigint;
    v_state.fired_at := (p_state -> 'fired_at')::numeric;
    v_state.reached := p_state -> 'reached';
    v_state.held_window := p_state -> 'window';
    return v_state;
end;
$$;

comment on function automation_private.read_threshold_state(jsonb) is
    'A threshold''s state as a step begins with it: without what the last step did.';
