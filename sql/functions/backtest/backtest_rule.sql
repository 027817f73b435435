create or replace function automation.backtest_rule(
    p_rule_id uuid,
    p_window interval default '7 days',
    p_changes jsonb default '{}',
    p_until timestamptz default null,
    p_examples int default 50,
    p_run_duration interval default null
)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_time record;
    v_rule automation.automation_rules;
begin
    select t.since, t.until into v_time
    from automation_private.check_backtest(p_window, p_until, p_examples, p_run_duration) as t;
    if jsonb_typeof(p_changes) is distinct from 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'the changes are an object with the keys of a rule',
            hint = '{"conditions": "sentiment_score < -0.7"}';
    end if;
    select r.* into v_rule
    from automation.automation_rules as r
    where r.org_id = v_org and r.rule_id = p_rule_id and r.deleted_at is null;
    if v_rule.rule_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such rule',
            detail = format('rule %s', p_rule_id);
    end if;
    return automation_private.run_backtest(
        p_rule_id,
        automation_private.patch_rule(automation_private.rule_document(v_rule), p_changes),
        v_time.since, v_time.until, p_examples, p_run_duration
    );
end;
$$;

comment on function automation.backtest_rule(
    uuid, interval, jsonb, timestamptz, int, interval
) is
    'What a rule, as it is now and with p_changes, would have made of the recorded events of a '
    'time in the past (p_window before p_until, by default the last seven days): events seen, '
    'conditions met, what would have fired or been suppressed and why, near misses, examples with '
    'rendered settings, a line for each day. Writes nothing and runs nothing. See docs/rules.md. '
    'Needs edit.';
