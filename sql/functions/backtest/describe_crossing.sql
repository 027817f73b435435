create or replace function automation_private.describe_crossing(
    p_state automation_private.threshold_state,
    p_place int
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'level', p_state.levels -> (p_place - 1), 'value', p_state.value,
        'phase', p_state.phase, 'trace', p_state.trace
    ));
end;
$$;

comment on function automation_private.describe_crossing(
    automation_private.threshold_state, int
) is
    'What a firing of a threshold crossed, as its run sees it.';
