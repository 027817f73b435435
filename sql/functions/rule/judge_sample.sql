create or replace function automation_private.judge_sample(
    p_rule automation.automation_rules,
    p_event automation.automation_events
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_threshold automation_private.compiled_threshold;
    v_state jsonb;
    v_doc jsonb;
begin
    if p_rule.trigger_type <> 'condition' or p_event.event like 'manual.%' then
        return null;
    end if;
    v_threshold := automation_private.read_threshold(p_rule.trigger_config, '');
    if p_event.source <> 'sample' then
        -- what came of a recorded value is known as long as it is the last one
        v_state := (
            select s.threshold - 'watches'
            from automation_private.firing_subjects as s
            where s.org_id = p_event.org_id
                and s.listener_id = p_rule.rule_id
                and s.key = coalesce(p_event.entity, '')
                and (s.threshold ->> 'seq')::bigint = p_event.event_id
        );
        return coalesce(v_state, '{"fires": 0, "trace": "not_the_last_value"}');
    end if;
    -- of a sample the old row is the value before
    for v_step in 0..1 loop
        continue when v_step = 0 and p_event.old is null;
        v_doc := jsonb_build_object(
            'new', case v_step when 0 then p_event.old else p_event.new end
        );
        v_state := automation.threshold_step(
            v_state,
            jsonb_build_object(
                'value', jsonb_path_query_first(v_doc, v_threshold.path, '{}', true),
                'denominator',
                jsonb_path_query_first(v_doc, v_threshold.denominator, '{}', true),
                'at', extract(epoch from p_event.occurred_at) + v_step, 'seq', v_step
            ),
            v_threshold.config
        );
    end loop;
    return v_state;
end;
$$;

comment on function automation_private.judge_sample(
    automation.automation_rules, automation.automation_events
) is
    'What the threshold of a rule makes of an event''s value: the state it is in after it; null '
    'when the rule has none.';
