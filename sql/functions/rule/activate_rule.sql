create or replace function automation.activate_rule(p_rule_id uuid)
returns int
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('publish');
    v_rule constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, true
    );
    v_version int;
begin
    if v_rule.status = 'active' and not automation_private.is_outdated(v_rule) then
        return v_rule.version;
    end if;
    if v_rule.status <> 'active' then
        perform automation_private.drop_listener(v_org, p_rule_id);
    end if;
    v_version := automation_private.put_rule_live(
        v_rule, automation_private.require_rule(automation_private.rule_document(v_rule))
    );
    update automation.automation_rules as r
    set updated_at = greatest(
        automation_private.clock(), v_rule.updated_at + interval '1 microsecond'
    )
    where r.org_id = v_org and r.rule_id = p_rule_id;
    perform automation_private.record_audit(
        v_org, 'activate_rule', 'rule', p_rule_id, jsonb_build_object('version', v_version)
    );
    return v_version;
end;
$$;

comment on function automation.activate_rule(uuid) is
    'Lets a rule fire on what happens from now on and returns its version. Activating an active '
    'rule changes nothing, unless condition sets have changed: then it is a new version. An '
    'archived rule comes back. Needs publish.';
