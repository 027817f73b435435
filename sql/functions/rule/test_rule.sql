create or replace function automation.test_rule(
    p_rule_id uuid,
    p_sample jsonb,
    p_mocks jsonb default '{}'
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_rule constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, false
    );
    v_event automation.automation_events := automation_private.sample_event(v_rule, p_sample);
    v_result jsonb;
begin
    if jsonb_typeof(p_mocks) is distinct from 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'mocks are an object of step ids',
            hint = '{"action_1": {"output": {"conversation_id": "…"}}}';
    end if;
    select jsonb_build_object(
        'fires', bool_or(j.result) filter (where j.moment = 'verdict'),
        'reason', max(j.reason) filter (where j.moment = 'verdict'),
        'trace', jsonb_agg(to_jsonb(j)) filter (where j.moment <> 'verdict')
    )
    into v_result
    from automation_private.judge_rule(v_rule, v_event) as j;
    if not (v_result -> 'fires')::boolean then
        return v_result;
    end if;
    -- everything happens in a subtransaction that is thrown away; a variable outlives it
    begin
        v_result := v_result || jsonb_build_object('run', automation_private.rehearse_rule(
            v_rule, v_event, p_mocks
        ));
        raise exception using errcode = 'MA999';
    exception when sqlstate 'MA999' then
        return v_result;
    end;
end;
$$;

comment on function automation.test_rule(uuid, jsonb, jsonb) is
    'What a rule, as it is now, would make of a sample {"new", "old", "event", "entity"}: whether '
    'and why it fires, every comparison, and, if it fires, the run with each action''s rendered '
    'settings. No action runs: p_mocks says what each returns, as in test_workflow. Leaves '
    'nothing behind. Needs edit.';
