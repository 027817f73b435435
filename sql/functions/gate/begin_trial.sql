create or replace function automation_private.begin_trial(
    p_firing automation_private.firing,
    p_instance_id uuid,
    p_now timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update automation_private.rule_health as h
    set state = 'half_open', trial_id = p_instance_id, retry_at = p_now
    where h.org_id = p_firing.org_id
        and h.rule_id = p_firing.listener_id
        and h.state = 'open'
        and h.retry_at <= p_now;
end;
$$;

comment on function automation_private.begin_trial(
    automation_private.firing, uuid, timestamptz
) is
    'Makes a run the trial of a rule whose circuit breaker was open, if it was.';
