create or replace function automation.threshold_step(
    p_state jsonb,
    p_sample jsonb,
    p_config jsonb
)
returns jsonb
language plpgsql
immutable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.write_threshold_state(automation_private.step_state(
        automation_private.open_step(p_state, p_sample, p_config), p_sample, p_config
    ));
end;
$$;

comment on function automation.threshold_step(jsonb, jsonb, jsonb) is
    'The state of a threshold after one more sample {"value", "at", "seq", "denominator"}, or '
    'after time has passed {"tick": true, "at"}: its phase, when the clock has to look again '
    '(due), how often it fires now (fires), whether it recovers now (recovers) and why (trace). '
    'Nothing but the arguments counts. Raises MA001 when they are none.';
