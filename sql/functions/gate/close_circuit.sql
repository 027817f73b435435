create or replace function automation_private.close_circuit(
    p_health automation_private.rule_health
)
returns automation_private.rule_health
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from automation_private.rule_health as h
    where h.org_id = p_health.org_id and h.rule_id = p_health.rule_id;
    delete from automation_private.rule_minutes as m
    where m.org_id = p_health.org_id and m.rule_id = p_health.rule_id;
    update automation.automation_rules as r
    set
        status = 'active', status_reason = null,
        updated_at = greatest(
            automation_private.clock(), r.updated_at + interval '1 microsecond'
        )
    where r.org_id = p_health.org_id and r.rule_id = p_health.rule_id and r.status = 'paused';
    if found then
        perform automation_private.record_audit(
            p_health.org_id, 'close_circuit', 'rule', p_health.rule_id, '{}'
        );
    end if;
    p_health.state := 'closed';
    return p_health;
end;
$$;

comment on function automation_private.close_circuit(automation_private.rule_health) is
    'Lets a rule fire again and forgets its failures.';
