create or replace function automation.pause_rule(p_rule_id uuid, p_reason text default null)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_rule constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, true
    );
begin
    if v_rule.status not in ('active', 'paused') then
        raise exception using
            errcode = 'MA101',
            message = format('the rule is %s: only an active one can be paused', v_rule.status),
            detail = format('rule %s', p_rule_id);
    elsif v_rule.status = 'paused'
        and not automation_private.drop_listener(v_org, p_rule_id)
    then
        return;
    end if;
    perform automation_private.silence_rule(v_rule, 'paused', p_reason);
end;
$$;

comment on function automation.pause_rule(uuid, text) is
    'Stops a rule from firing; once the call has committed it does not fire. Runs that have begun '
    'go on. What happens meanwhile is not made up for: activate_rule lets it listen again from '
    'then on. Needs run.';
