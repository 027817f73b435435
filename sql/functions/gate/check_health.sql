create or replace function automation_private.check_health(
    p_firing automation_private.firing,
    p_now timestamptz
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_health automation_private.rule_health;
begin
    if p_firing.kind <> 'rule' then
        return null;
    end if;
    select h.* into v_health
    from automation_private.rule_health as h
    where h.org_id = p_firing.org_id and h.rule_id = p_firing.listener_id;
    if v_health.state = 'half_open' then
        v_health := automation_private.judge_trial(v_health, p_now);
    end if;
    return case
        when v_health.state = 'half_open' or v_health.state = 'open' and p_now < v_health.retry_at
            then jsonb_build_object(
                'reason', 'circuit_open',
                'until', automation_private.format_instant(v_health.retry_at, 'UTC')
            )
    end;
end;
$$;

comment on function automation_private.check_health(automation_private.firing, timestamptz) is
    'Why the circuit breaker of a rule does not let it fire; null when it does.';
