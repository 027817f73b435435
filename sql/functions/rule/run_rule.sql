create or replace function automation.run_rule(
    p_rule_id uuid,
    p_new jsonb default '{}',
    p_entity text default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_rule constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, true
    );
    v_recorded record;
begin
    if v_rule.status <> 'active' then
        raise exception using
            errcode = 'MA101',
            message = format('the rule is %s: only an active one can be run', v_rule.status),
            detail = format('rule %s', p_rule_id),
            hint = 'automation.test_rule shows what it would do';
    end if;
    select e.event_id, e.outcome, e.error into v_recorded
    from automation_private.record_events(
        v_org,
        jsonb_build_array(jsonb_build_object(
            'event', automation_private.manual_event(p_rule_id), 'entity', p_entity,
            'new', p_new
        )),
        'manual'
    ) as e;
    if v_recorded.outcome <> 'recorded' then
        raise exception using
            errcode = 'MA001',
            message = v_recorded.error ->> 'message',
            hint = 'automation.run_rule(p_rule_id, ''{"campaign_id": "…"}'', ''entity'')';
    end if;
    return automation_private.dispatch_now(v_org, p_rule_id, v_recorded.event_id);
end;
$$;

comment on function automation.run_rule(uuid, jsonb, text) is
    'Runs an active rule by hand, for the row p_new of p_entity, and returns {"outcome", '
    '"instance_id", "event_id", "reason"}: started, waiting, or skipped with the reason. '
    'Conditions, cooldown, limits and mode count as for any event; only the trigger is left out. '
    'Events of the organisation are dispatched again when the caller has committed. Needs run.';
