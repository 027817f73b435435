create or replace function automation_private.find_rule(
    p_org_id uuid,
    p_rule_id uuid,
    p_lock boolean
)
returns automation.automation_rules
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule automation.automation_rules;
begin
    if p_lock then
        -- the feed before the rule: whoever changes what listens takes its turn with dispatching
        perform automation_private.lock_feed(p_org_id);
        select r.* into v_rule
        from automation.automation_rules as r
        where r.org_id = p_org_id and r.rule_id = p_rule_id and r.deleted_at is null
        for no key update;
    else
        select r.* into v_rule
        from automation.automation_rules as r
        where r.org_id = p_org_id and r.rule_id = p_rule_id and r.deleted_at is null;
    end if;
    if v_rule.rule_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such rule',
            detail = format('rule %s', p_rule_id);
    end if;
    return v_rule;
end;
$$;

comment on function automation_private.find_rule(uuid, uuid, boolean) is
    'The rule, locked against other changes and against firing if wanted; raises MA002 when there '
    'is none, or only a deleted one.';
