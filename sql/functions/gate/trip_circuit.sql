create or replace function automation_private.trip_circuit(
    p_org_id uuid,
    p_rule_id uuid,
    p_in_row int,
    p_ended bigint,
    p_failed bigint,
    p_now timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason text := case
        when p_in_row >= 10 then format('%s runs in a row have failed', p_in_row)
        else format('%s of %s runs within an hour have failed', p_failed, p_ended)
    end;
    v_health automation_private.rule_health;
begin
    update automation.automation_rules as r
    set
        status = 'paused', status_reason = v_reason || '; one run is tried again every so often',
        updated_at = greatest(p_now, r.updated_at + interval '1 microsecond')
    where r.org_id = p_org_id and r.rule_id = p_rule_id and r.status = 'active';
    if not found then
        return;
    end if;
    v_health.org_id := p_org_id;
    v_health.rule_id := p_rule_id;
    v_health.failures_in_row := p_in_row;
    perform automation_private.open_circuit(v_health, interval '15 minutes', p_now);
    perform automation_private.record_audit(
        p_org_id, 'open_circuit', 'rule', p_rule_id, jsonb_build_object('reason', v_reason)
    );
    perform automation_private.notify_owner(
        p_org_id, p_rule_id, 'paused', v_reason,
        jsonb_build_object('ended', p_ended, 'failed', p_failed, 'in_row', p_in_row),
        concat_ws('|', 'paused', p_rule_id, extract(epoch from p_now))
    );
end;
$$;

comment on function automation_private.trip_circuit(
    uuid, uuid, int, bigint, bigint, timestamptz
) is
    'Pauses a rule that fails too often and tells its owner, once.';
