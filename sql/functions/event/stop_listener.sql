create or replace function automation_private.stop_listener(
    p_org_id uuid,
    p_listener_id uuid,
    p_kind text,
    p_sqlstate text,
    p_message text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason text := format('its condition raised %s: %s', p_sqlstate, left(p_message, 500));
    v_now timestamptz := automation_private.clock();
begin
    delete from automation_private.listeners as l
    where l.org_id = p_org_id and l.listener_id = p_listener_id;
    if p_kind = 'rule' then
        update automation.automation_rules as r
        set
            status = 'paused', status_reason = v_reason,
            updated_at = greatest(v_now, r.updated_at + interval '1 microsecond')
        where r.org_id = p_org_id and r.rule_id = p_listener_id;
        insert into automation_private.usage_changes (
            org_id, rule_id, started, ended, failed, used_at
        )
        values (p_org_id, p_listener_id, 0, 1, 1, v_now);
    else
        update automation.workflow_templates as t
        set
            status_reason = v_reason,
            updated_at = greatest(v_now, t.updated_at + interval '1 microsecond')
        where t.org_id = p_org_id and t.template_id = p_listener_id;
    end if;
    insert into automation.automation_executions (
        org_id, execution_id, execution_type, rule_id, template_id, trigger_source, status,
        reason, started_at, completed_at, execution_time_ms, error_message
    )
    values (
        p_org_id, automation_private.uuid_v7(),
        case p_kind when 'rule' then 'rule' else 'workflow' end,
        case p_kind when 'rule' then p_listener_id end,
        case p_kind when 'template' then p_listener_id end,
        'event', 'failed', 'condition_raised', v_now, v_now, 0, v_reason
    );
    perform automation_private.record_audit(
        p_org_id, case p_kind when 'rule' then 'pause_rule' else 'stop_template' end, p_kind,
        p_listener_id, jsonb_build_object('reason', v_reason)
    );
end;
$$;

comment on function automation_private.stop_listener(uuid, uuid, text, text, text) is
    'Pauses a rule, or stops events from starting a template, because its condition raised.';
