create or replace function automation.test_workflow(
    p_definition jsonb,
    p_input jsonb default '{}',
    p_trigger jsonb default '{}',
    p_mocks jsonb default '{}'
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('edit');
    v_result jsonb;
begin
    if jsonb_typeof(p_mocks) is distinct from 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'mocks are an object of step ids',
            hint = '{"score": {"output": {"value": 90}}} or a list, one entry per attempt';
    end if;
    -- everything happens in a subtransaction that is thrown away; a variable outlives it
    begin
        v_result := automation_private.rehearse(
            v_org,
            automation_private.store_definition(v_org, p_definition),
            jsonb_build_array(jsonb_build_object('input', p_input, 'trigger', p_trigger)),
            p_mocks
        );
        raise exception using errcode = 'MA999';
    exception when sqlstate 'MA999' then
        return v_result;
    end;
end;
$$;

comment on function automation.test_workflow(jsonb, jsonb, jsonb, jsonb) is
    'Walks a definition to its end and leaves nothing behind. No action runs: p_mocks says what '
    'each returns, by step id: {"output": …}, {"error": {"code", "class", "message"}}, '
    '{"timeout": true}, or a list of these, one per attempt; by default {"output": {}}. Of a wait '
    'it says what comes: {"event": {"name", "new", …}} or {"timeout": true}; by default an empty '
    'event of its first branch. Approvals are decided by {"decision": "approved" | "rejected" | '
    '"changes_requested", "by", "comment"} or {"timeout": true}; by default approved. Delays and '
    'backoff pass at once.';
