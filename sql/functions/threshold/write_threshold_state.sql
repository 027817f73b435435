create or replace function automation_private.write_threshold_state(
    p_state automation_private.threshold_state
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'phase', p_state.phase, 'since', p_state.since, 'due', p_state.due,
        'value', p_state.value, 'at', p_state.at, 'seq', p_state.seq,
        'samples', p_state.samples, 'fired_at', p_state.fired_at,
        'reached', p_state.reached, 'window', p_state.held_window,
        'fires', p_state.fires, 'levels', p_state.levels, 'recovers', p_state.recovers,
        'trace', p_state.trace, 'overdue', p_state.overdue
    ));
end;
$$;

comment on function automation_private.write_threshold_state(
    automation_private.threshold_state
) is
    'A threshold''s state as it is stored.';
