create or replace function automation_private.judge_rule(
    p_rule automation.automation_rules,
    p_event automation.automation_events
)
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_condition automation_private.compiled_condition := automation_private.join_conditions(
        automation_private.expand_condition(p_rule.org_id, p_rule.trigger_config -> 'condition'),
        automation_private.expand_condition(p_rule.org_id, p_rule.conditions)
    );
    v_timezone text := automation_private.org_timezone_of(p_rule.org_id);
    v_now jsonb := automation_private.event_document(p_event);
    v_before jsonb := automation_private.document_before(p_event);
    v_is_met boolean := v_condition.path is null and v_condition.errors is null
    or automation_private.meets(
        v_condition.path, v_condition.derived, v_now, p_event.occurred_at, p_rule.org_id
    );
    v_counts boolean := v_condition.path is not null and p_event.old is not null
        and coalesce(p_rule.trigger_config ->> 'fire_on', 'transition') = 'transition';
    v_was_met boolean := v_counts and automation_private.meets(
        v_condition.path, v_condition.derived, v_before, p_event.occurred_at, p_rule.org_id
    );
    v_sample jsonb := automation_private.judge_sample(p_rule, p_event);
    v_reason text := case
        when p_event.event <> all (
            automation_private.heard_names(
                automation_private.trigger_event(p_rule.trigger_config)
            ) || automation_private.manual_event(p_rule.rule_id)
        ) then 'other_event'
        when p_event.entity <> all (automation_private.read_entities(p_rule.trigger_config))
            then 'other_entity'
        when not v_is_met then 'no_match'
        when v_is_met and v_was_met then 'already_met'
        when v_sample ->> 'fires' = '0' then v_sample ->> 'trace'
        else coalesce(
            automation_private.find_suppression(
                v_is_met, v_was_met, coalesce(p_rule.trigger_config ->> 'on_loop', 'avoid_loop'),
                p_event.causation, p_rule.rule_id, p_event.entity
            ),
            'fires'
        )
    end;
begin
    return query select 'verdict', null::text, null::text, null::text, null::jsonb, null::jsonb,
        v_reason = 'fires', v_reason, automation_private.format_condition(v_condition.tree);
    if v_sample is not null then
        return query select 'threshold', null::text, p_rule.trigger_config ->> 'field',
            'threshold', v_sample -> 'value', v_sample - 'value', v_sample ->> 'fires' <> '0',
            v_sample ->> 'trace', null::text;
    end if;
    if v_condition.path is null then
        return;
    end if;
    return query
    select 'now', t.*
    from automation_private.trace_condition(
        v_condition, v_now, 'row', '{}', p_event.occurred_at, v_timezone
    ) as t;
    if v_counts then
        return query
        select 'before', t.*
        from automation_private.trace_condition(
            v_condition, v_before, 'row', '{}', p_event.occurred_at, v_timezone
        ) as t;
    end if;
end;
$$;

comment on function automation_private.judge_rule(
    automation.automation_rules, automation.automation_events
) is
    'Whether a rule fires on an event and why: the verdict, then every comparison of its '
    'condition, now and, where it counts, before.';
