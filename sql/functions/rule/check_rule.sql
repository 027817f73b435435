create or replace function automation_private.check_rule(p_rule jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_rule,
            array[
                'name', 'description', 'category', 'trigger', 'conditions', 'condition_logic',
                'actions', 'execute_sequentially', 'delay_between_actions_seconds',
                'stop_on_error', 'recheck_before_action', 'priority'
            ] || automation_private.list_execution_keys(),
            ''
        ),
        automation_private.check_execution_settings(p_rule),
        case
            when coalesce(p_rule ->> 'name', '') !~ '\S' or length(p_rule ->> 'name') > 200
                then automation_private.build_error(
                    '/name', 'invalid_name', 'a rule needs a name of at most 200 characters'
                )
        end,
        automation_private.check_key_type(p_rule, 'name', array['string'], ''),
        automation_private.check_key_type(p_rule, 'description', array['string', 'null'], ''),
        automation_private.check_key_type(p_rule, 'category', array['string', 'null'], ''),
        case
            when not p_rule ? 'trigger' then automation_private.build_error(
                '', 'missing_key', 'a rule needs a "trigger"',
                '{"type": "event", "event": "mention"}'
            )
        end,
        automation_private.check_key_type(p_rule, 'trigger', array['object'], ''),
        automation_private.check_key_choice(
            p_rule, 'condition_logic', array['all', 'any', 'custom'], 'unknown_mode', ''
        ),
        automation_private.check_key_type(p_rule, 'execute_sequentially', array['boolean'], ''),
        automation_private.check_key_type(p_rule, 'stop_on_error', array['boolean'], ''),
        automation_private.check_key_type(p_rule, 'recheck_before_action', array['boolean'], ''),
        automation_private.check_key_number(p_rule, 'priority', 1, 100, true, ''),
        automation_private.check_key_number(
            p_rule, 'delay_between_actions_seconds', 0, 157680000, true, ''
        ),
        case
            when p_rule -> 'execute_sequentially' = 'false'
                and coalesce(p_rule -> 'delay_between_actions_seconds', '0') <> '0'
                then automation_private.build_error(
                    '/delay_between_actions_seconds', 'contradiction',
                    'actions that run at the same time have no delay between them',
                    'give single actions a "delay", or run them sequentially'
                )
        end,
        automation_private.check_rule_actions(p_rule -> 'actions'),
        case
            when p_rule -> 'trigger' ?| automation_private.list_enrolment_keys()
                then automation_private.build_error(
                    '/trigger', 'unknown_key', 'enrolment is for templates',
                    'a rule has "mode", "mode_key" and "cooldown"'
                )
        end,
        case
            when automation_private.trigger_types() ->> (p_rule #>> '{trigger,type}') = 'schedule'
                then automation_private.build_error(
                    '/trigger/type', 'trigger_not_supported',
                    'nothing starts a rule with a trigger of this type',
                    'it can be kept as a draft; to activate it use {"type": "event"}'
                ) || '{"severity": "warning"}'
        end
    );
end;
$$;

comment on function automation_private.check_rule(jsonb) is
    'The errors of a rule''s keys, apart from those of its trigger, conditions and actions.';
