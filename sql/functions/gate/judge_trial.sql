create or replace function automation_private.judge_trial(
    p_health automation_private.rule_health,
    p_now timestamptz
)
returns automation_private.rule_health
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_trial record;
begin
    select i.status, i.completed_at into v_trial
    from automation.workflow_instances as i
    where i.org_id = p_health.org_id and i.instance_id = p_health.trial_id;
    if v_trial.status in ('pending', 'running', 'paused')
        and p_now > p_health.retry_at + interval '1 hour'
    then
        -- it waits for something: let another one try
        return automation_private.open_circuit(p_health, p_health.wait, p_now - p_health.wait);
    elsif v_trial.status in ('pending', 'running', 'paused')
        -- what was let through a moment ago has not begun yet, unless it never does
        or v_trial.status is null and p_now < p_health.retry_at + interval '1 minute'
    then
        return p_health;
    elsif v_trial.status = 'completed' then
        return automation_private.close_circuit(p_health);
    elsif v_trial.status = 'cancelled' then
        -- nothing was learned: the next firing is the trial
        return automation_private.open_circuit(p_health, p_health.wait, p_now - p_health.wait);
    end if;
    -- as often as it fails again it waits twice as long, up to a day
    return automation_private.open_circuit(
        p_health, least(p_health.wait * 2, interval '24 hours'),
        coalesce(v_trial.completed_at, p_now)
    );
end;
$$;

comment on function automation_private.judge_trial(
    automation_private.rule_health, timestamptz
) is
    'What the run that a half-open circuit breaker let through says about its rule.';
