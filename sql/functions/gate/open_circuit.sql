create or replace function automation_private.open_circuit(
    p_health automation_private.rule_health,
    p_wait interval,
    p_now timestamptz
)
returns automation_private.rule_health
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    p_health.state := 'open';
    p_health.wait := p_wait;
    p_health.retry_at := p_now + p_wait;
    p_health.trial_id := null;
    insert into automation_private.rule_health (
        org_id, rule_id, state, failures_in_row, wait, retry_at
    )
    values (
        p_health.org_id, p_health.rule_id, 'open', p_health.failures_in_row, p_wait,
        p_health.retry_at
    )
    on conflict (org_id, rule_id) do update
    set state = 'open', wait = excluded.wait, retry_at = excluded.retry_at, trial_id = null;
    return p_health;
end;
$$;

comment on function automation_private.open_circuit(
    automation_private.rule_health, interval, timestamptz
) is
    'Lets a rule not fire for so long; then one trial.';
