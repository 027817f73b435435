create or replace function automation_private.rule_document(p_rule automation.automation_rules)
returns jsonb
language sql
stable
return jsonb_strip_nulls(jsonb_build_object(
    'name', p_rule.rule_name, 'description', p_rule.description, 'category', p_rule.category
)) || jsonb_build_object(
    'trigger', p_rule.trigger_config || jsonb_build_object('type', p_rule.trigger_type),
    'condition_logic', p_rule.condition_logic,
    'actions', p_rule.actions,
    'execute_sequentially', p_rule.execute_sequentially,
    'delay_between_actions_seconds', p_rule.delay_between_actions_seconds,
    'stop_on_error', p_rule.stop_on_error,
    'recheck_before_action', p_rule.recheck_before_action,
    'priority', p_rule.priority
) || p_rule.execution_settings || case
    when p_rule.conditions is null then '{}'
    else jsonb_build_object('conditions', p_rule.conditions)
end;

comment on function automation_private.rule_document(automation.automation_rules) is
    'A stored rule as the document that create_rule takes.';
