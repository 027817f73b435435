create or replace function automation_private.silence_rule(
    p_rule automation.automation_rules,
    p_status text,
    p_reason text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.drop_listener(p_rule.org_id, p_rule.rule_id);
    update automation.automation_rules as r
    set
        status = p_status,
        status_reason = left(p_reason, 1000),
        updated_at = greatest(
            automation_private.clock(), p_rule.updated_at + interval '1 microsecond'
        )
    where r.org_id = p_rule.org_id and r.rule_id = p_rule.rule_id;
    perform automation_private.record_audit(
        p_rule.org_id, case p_status when 'paused' then 'pause_rule' else 'archive_rule' end,
        'rule', p_rule.rule_id,
        jsonb_strip_nulls(jsonb_build_object('reason', left(p_reason, 1000)))
    );
end;
$$;

comment on function automation_private.silence_rule(automation.automation_rules, text, text) is
    'Lets a rule listen to nothing and gives it another status.';
