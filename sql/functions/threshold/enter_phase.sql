create or replace function automation_private.enter_phase(
    p_state automation_private.threshold_state,
    p_phase text,
    p_at numeric,
    p_due numeric,
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
    v_state.phase := p_phase;
    v_state.since := p_at;
    v_state.due := p_due;
    v_state.trace := p_trace;
    if p_trace = 'cleared' then
        v_state.recovers := true;
    end if;
    return v_state;
end;
$$;

comment on function automation_private.enter_phase(
    automation_private.threshold_state, text, numeric, numeric, text
) is
    'A threshold''s state in another phase, with what the clock has to look at again, if anything.';
