create or replace function automation_private.put_rule_live(
    p_rule automation.automation_rules,
    p_compiled automation_private.compiled_rule
)
returns int
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_document constant jsonb := automation_private.freeze_rule(
        automation_private.rule_document(p_rule), p_compiled.expanded
    );
    v_definition_id uuid;
    v_last automation.automation_rule_versions;
    v_version int;
begin
    if p_rule.trigger_type = 'schedule' then
        raise exception using
            errcode = 'MA101',
            message = format(
                'nothing starts a rule with a trigger of type "%s"', p_rule.trigger_type
            ),
            hint = 'use {"type": "event", "event": "…"}';
    end if;
    v_definition_id := automation_private.store_definition(p_rule.org_id, p_compiled.definition);
    select v.* into v_last
    from automation.automation_rule_versions as v
    where v.org_id = p_rule.org_id and v.rule_id = p_rule.rule_id
    order by v.version desc
    limit 1;
    v_version := coalesce(v_last.version, 0);
    if v_last.rule is distinct from v_document or v_last.definition_id <> v_definition_id then
        v_version := v_version + 1;
        insert into automation.automation_rule_versions (
            org_id, rule_id, version, rule, definition_id, activated_by, activated_at
        )
        values (
            p_rule.org_id, p_rule.rule_id, v_version, v_document, v_definition_id,
            automation.current_user_id(), automation_private.clock()
        );
    end if;
    update automation.automation_rules as r
    set status = 'active', status_reason = null, version = v_version
    where r.org_id = p_rule.org_id and r.rule_id = p_rule.rule_id;
    perform automation_private.set_listener(
        p_rule.org_id, p_rule.rule_id, 'rule', v_version, v_definition_id,
        p_compiled.rule -> 'trigger', p_compiled.condition, p_rule.priority,
        automation_private.build_gate(v_document)
    );
    return v_version;
end;
$$;

comment on function automation_private.put_rule_live(
    automation.automation_rules, automation_private.compiled_rule
) is
    'Lets a rule fire as it now is and returns its version: a new one unless nothing differs from '
    'the last.';
