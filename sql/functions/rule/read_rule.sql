create or replace function automation_private.read_rule(p_rule jsonb)
returns automation_private.compiled_rule
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_written jsonb;
    v_conditions jsonb;
    v_is_list boolean;
    v_compiled automation_private.compiled_condition;
    v_trigger automation_private.compiled_trigger;
    v_result automation_private.compiled_rule;
begin
    if jsonb_typeof(p_rule) is distinct from 'object' then
        v_result.errors := jsonb_build_array(automation_private.build_error(
            '', 'wrong_type', 'a rule must be an object',
            '{"name": "…", "trigger": {…}, "conditions": "…", "actions": [{…}]}'
        ));
        return v_result;
    end if;
    v_written := automation_private.normalise_rule(p_rule);
    v_result.rule := automation_private.expand_document(automation.current_org_id(), v_written);
    v_result.errors := automation_private.check_rule(v_result.rule);
    if jsonb_typeof(v_result.rule -> 'trigger') = 'object' then
        v_trigger := automation_private.read_trigger(v_result.rule -> 'trigger', '/trigger');
        v_result.rule := v_result.rule || jsonb_build_object(
            'trigger', v_trigger.config || jsonb_build_object('type', v_trigger.type)
        );
    end if;
    v_conditions := automation_private.read_rule_conditions(v_result.rule);
    v_is_list := jsonb_typeof(v_result.rule -> 'conditions') = 'array';
    if v_conditions is null then
        v_result.rule := v_result.rule - 'conditions';
    else
        v_compiled := automation_private.compile_condition(
            v_conditions, 'row', '{}', '/conditions'
        );
        v_result.rule := v_result.rule || jsonb_build_object('conditions', v_compiled.tree)
            || jsonb_build_object('condition_logic', case
                when v_result.rule ->> 'condition_logic' = 'custom'
                    or v_compiled.tree ?| '{none,not}' then 'custom'
                when v_compiled.tree ? 'any' then 'any'
                else 'all'
            end);
    end if;
    v_result.errors := automation_private.collect_errors(
        v_result.errors, v_trigger.errors,
        automation_private.place_condition_errors(v_compiled.errors, v_is_list)
    );
    if v_result.errors is null then
        v_result.condition := automation_private.join_conditions(
            v_trigger.config -> 'condition', v_conditions
        );
        -- what is allowed alone may be too much together
        v_result.errors := (
            select jsonb_agg(distinct e.value || '{"pointer": "/conditions"}')
            from jsonb_array_elements((v_result.condition).errors) as e
        );
    end if;
    if v_result.errors is null then
        v_result.definition := jsonb_build_object(
            'trigger', v_result.rule -> 'trigger',
            'steps', automation_private.build_rule_steps(
                v_result.rule,
                (v_result.condition).path is not null and v_trigger.type = 'event'
                and coalesce((v_result.rule ->> 'recheck_before_action')::boolean, true)
            )
        );
        v_result.errors := automation_private.place_action_errors(v_result.definition);
    elsif automation_private.check_rule_actions(v_result.rule -> 'actions') is null then
        v_result.errors := v_result.errors || coalesce(
            automation_private.place_action_errors(jsonb_build_object(
                'steps', automation_private.build_rule_steps(
                    jsonb_build_object('actions', v_result.rule -> 'actions'), false
                )
            )), '[]'
        );
    end if;
    v_result.errors := automation_private.finish_errors(
        automation_private.place_reference_errors(v_result.errors, v_written)
    );
    v_result.expanded := v_result.rule;
    v_result.rule := automation_private.keep_rule_references(v_result.rule, v_written);
    return v_result;
end;
$$;

comment on function automation_private.read_rule(jsonb) is
    'A rule made ready, with everything that is wrong with it. Raises for no content.';
