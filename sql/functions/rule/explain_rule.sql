create or replace function automation.explain_rule(p_rule_id uuid, p_event_id bigint)
returns table (
    moment text,
    pointer text,
    field text,
    operator text,
    left_value jsonb,
    right_value jsonb,
    result boolean,
    reason text,
    condition text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('view');
    v_rule automation.automation_rules := automation_private.find_rule(v_org, p_rule_id, false);
    v_event automation.automation_events;
    v_firing record;
    v_stands_in_the_way text;
begin
    select e.* into v_event
    from automation.automation_events as e
    where e.org_id = v_org and e.event_id = p_event_id;
    if v_event.event_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such event',
            detail = format('event %s', p_event_id),
            hint = 'only what something listened to at the time was recorded';
    end if;
    select f.version, f.outcome into v_firing
    from automation_private.find_firing(p_rule_id, v_event) as f;
    -- what fired is explained by the version that did
    select v.rule -> 'conditions', (v.rule -> 'trigger') - 'type'
    into v_rule.conditions, v_rule.trigger_config
    from automation.automation_rule_versions as v
    where v.org_id = v_org
        and v.rule_id = p_rule_id
        and v.version = coalesce(v_firing.version, v_rule.version)
        and (v_firing.version is not null or v_rule.status = 'active');
    if not found then
        v_rule := automation_private.find_rule(v_org, p_rule_id, false);
    end if;
    v_stands_in_the_way := case
        when v_firing.version is not null then null
        when v_firing.outcome = 'before_activation' then 'before_activation'
        when v_rule.status <> 'active' then 'not_active'
    end;
    return query
    select
        j.moment, j.pointer, j.field, j.operator, j.left_value, j.right_value,
        j.result and (j.moment <> 'verdict' or v_stands_in_the_way is null),
        case
            when j.reason = 'fires' then coalesce(v_stands_in_the_way, j.reason)
            when j.reason = 'not_the_last_value' then coalesce(v_firing.outcome, j.reason)
            else j.reason
        end,
        j.condition
    from automation_private.judge_rule(v_rule, v_event) as j;
    return query select
        'history', null::text, null::text, null::text, null::jsonb, null::jsonb,
        v_firing.version is not null, coalesce(v_firing.outcome, 'nothing'), null::text;
end;
$$;

comment on function automation.explain_rule(uuid, bigint) is
    'Why a rule fires on a recorded event or not. The first row (moment "verdict") says what comes '
    'of it: fires, no_match, already_met (nothing turned true), condition_error, old_unknown, '
    'loop_blocked, caused_by_automation, other_event, before_activation or not_active. Then comes '
    'the condition and every comparison in it with the values seen, "now" and, for updates, '
    '"before"; last ("history") what really came of it. What has fired is explained by the version '
    'that did, everything else by the rule as it now is. Needs view.';
