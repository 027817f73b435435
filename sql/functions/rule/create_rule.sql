create or replace function automation.create_rule(p_rule jsonb)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_compiled constant automation_private.compiled_rule :=
        automation_private.require_rule(p_rule);
    v_id constant uuid := automation_private.uuid_v7();
    v_now constant timestamptz := automation_private.clock();
begin
    insert into automation.automation_rules (
        org_id, rule_id, rule_name, trigger_type, created_by, created_at, updated_at
    )
    values (
        v_org, v_id, btrim(v_compiled.rule ->> 'name'), 'event', automation.current_user_id(),
        v_now, v_now
    )
    on conflict (org_id, rule_name) where deleted_at is null do nothing;
    if not found then
        perform automation_private.raise_name_taken('rule', v_compiled.rule ->> 'name');
    end if;
    perform automation_private.save_rule(v_org, v_id, v_compiled.rule);
    perform automation_private.record_audit(
        v_org, 'create_rule', 'rule', v_id,
        jsonb_build_object('name', btrim(v_compiled.rule ->> 'name'))
    );
    return v_id;
end;
$$;

comment on function automation.create_rule(jsonb) is
    'Creates a rule as a draft and returns its id. p_rule: {"name", "trigger", "conditions", '
    '"actions", …}; see docs/rules.md. Raises MA200 with all errors in its detail when it is '
    'invalid. Needs edit.';
