create or replace function automation.update_rule(
    p_rule_id uuid,
    p_changes jsonb,
    p_expected_updated_at timestamptz default null
)
returns timestamptz
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_old constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, true
    );
    v_compiled automation_private.compiled_rule;
    v_new automation.automation_rules;
begin
    if p_expected_updated_at <> v_old.updated_at then
        raise exception using
            errcode = 'MA101',
            message = 'somebody else has changed the rule in the meantime',
            detail = format('last changed at %s', v_old.updated_at),
            hint = 'read it again, repeat the change and give its present updated_at';
    elsif jsonb_typeof(p_changes) is distinct from 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'the changes are an object with the keys of a rule',
            hint = '{"conditions": "sentiment_score < -0.7"}';
    end if;
    if v_old.status = 'active' then
        -- what an active rule does is changed by whoever may activate it
        perform automation_private.require_permission('publish');
    end if;
    v_compiled := automation_private.require_rule(
        automation_private.patch_rule(automation_private.rule_document(v_old), p_changes)
    );
    perform automation_private.save_rule(v_org, p_rule_id, v_compiled.rule);
    v_new := automation_private.find_rule(v_org, p_rule_id, false);
    if v_old.status = 'active' then
        perform automation_private.put_rule_live(v_new, v_compiled);
    else
        -- what was paused because it failed is not tried any more: it is another rule now
        perform automation_private.drop_listener(v_org, p_rule_id);
    end if;
    perform automation_private.record_audit(
        v_org, 'update_rule', 'rule', p_rule_id,
        jsonb_build_object('changed', (select jsonb_agg(k) from jsonb_object_keys(p_changes) as k))
    );
    return v_new.updated_at;
end;
$$;

comment on function automation.update_rule(uuid, jsonb, timestamptz) is
    'Changes the keys of a rule that p_changes names (null: back to the default) and returns its '
    'new updated_at. An edit of an active rule is a new version and counts from the next event '
    'on; runs that have begun keep theirs. With p_expected_updated_at the change is refused '
    '(MA101) if somebody was faster. Needs edit, for an active rule publish, too.';
