create or replace function automation_private.rehearse_rule(
    p_rule automation.automation_rules,
    p_event automation.automation_events,
    p_mocks jsonb
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_rule := automation_private.require_rule(
        automation_private.rule_document(p_rule)
    );
    v_definition_id uuid := automation_private.store_definition(
        p_rule.org_id, v_compiled.definition
    );
begin
    -- behind a delay a sample has no row that could have changed
    return automation_private.rehearse_request(
        (
            1, p_rule.org_id, automation_private.uuid_v7(), v_definition_id, null, null, null,
            null, '{}', automation_private.event_document(p_event) -> 'trigger', null, null, null,
            null, null, null
        )::automation_private.start_request,
        (
            select coalesce(
                jsonb_object_agg(s.value ->> 'id', '{"output": {"holds": true}}'::jsonb), '{}'
            )
            from jsonb_array_elements(v_compiled.definition -> 'steps') as s
            where s.value ->> 'action' = 'recheck_rule'
        ) || p_mocks
    );
end;
$$;

comment on function automation_private.rehearse_rule(
    automation.automation_rules, automation.automation_events, jsonb
) is
    'Runs a rule''s actions for an event with mocks; the caller throws the transaction away.';
