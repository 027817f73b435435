create or replace function automation.duplicate_rule(p_rule_id uuid, p_name text)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_source constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, false
    );
    v_id uuid;
begin
    v_id := automation.create_rule(
        automation_private.rule_document(v_source)
        || jsonb_build_object('name', coalesce(p_name, ''))
    );
    perform automation_private.record_audit(
        v_org, 'duplicate_rule', 'rule', v_id, jsonb_build_object('copied_from', p_rule_id)
    );
    return v_id;
end;
$$;

comment on function automation.duplicate_rule(uuid, text) is
    'Copies a rule into a new draft of that name and returns its id; later changes of either do '
    'not reach the other. Needs edit.';
