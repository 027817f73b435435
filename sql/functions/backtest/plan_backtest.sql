create or replace function automation_private.plan_backtest(
    p_rule_id uuid,
    p_compiled automation_private.compiled_rule,
    p_since timestamptz,
    p_until timestamptz,
    p_runs jsonb
)
returns automation_private.backtest_plan
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_trigger constant jsonb := p_compiled.expanded -> 'trigger';
    v_threshold automation_private.compiled_threshold;
    v_plan automation_private.backtest_plan;
begin
    v_plan.org_id := automation.current_org_id();
    v_plan.rule_id := coalesce(p_rule_id, '00000000-0000-0000-0000-000000000000');
    v_plan.timezone := automation_private.org_timezone_of(v_plan.org_id);
    v_plan.since := p_since;
    v_plan.until := p_until;
    -- what was recorded at one time need not have its ids in the same order
    v_plan.first_event := automation_private.find_event_at(
        v_plan.org_id, p_since - interval '24 hours'
    );
    v_plan.last_event := automation_private.find_event_at(
        v_plan.org_id, p_until + interval '24 hours'
    );
    v_plan.heard := automation_private.heard_names(automation_private.trigger_event(v_trigger));
    v_plan.by_hand := automation_private.manual_event(v_plan.rule_id);
    v_plan.entities := automation_private.read_entities(v_trigger);
    v_plan.on_loop := coalesce(v_trigger ->> 'on_loop', 'avoid_loop');
    if v_trigger ?| automation_private.list_threshold_keys() then
        v_threshold := automation_private.read_threshold(v_trigger, '');
        v_plan.threshold := v_threshold.config;
        v_plan.sample := automation_private.bare_path(v_threshold.path);
        v_plan.denominator := automation_private.bare_path(v_threshold.denominator);
    end if;
    v_plan.is_transition := v_plan.threshold is null and (p_compiled.condition).path is not null
        and coalesce(v_trigger ->> 'fire_on', 'transition') = 'transition';
    v_plan.gate := automation_private.build_gate(p_compiled.expanded);
    v_plan.key_path := automation_private.find_key_path(v_plan.gate -> 'key');
    v_plan.key_form := case
        when (v_plan.key_path is not null or not v_plan.gate ? 'key')
            and not v_plan.gate @? '$.limits[*].key' then null
        when v_plan.gate::text ~ 'changed|\{trigger\}' then 'changes'
        else 'event'
    end;
    v_plan.uses_keys := v_plan.threshold is not null or v_plan.key_form is not null
        or v_plan.gate ?| '{key,cooldown,debounce,batch}'
        or v_plan.gate @? '$.limits[*] ? (@.scope == "subject")'
        or p_runs ->> 'seconds' <> '0';
    v_plan.watched := automation_private.list_watched(
        v_plan.gate, p_compiled.condition, automation_private.trigger_event(v_trigger)
    );
    return automation_private.plan_condition(v_plan, p_compiled.condition);
end;
$$;

comment on function automation_private.plan_backtest(
    uuid, automation_private.compiled_rule, timestamptz, timestamptz, jsonb
) is
    'What a backtest of a rule asks of each event. p_rule_id: null for one that is not stored.';
