create or replace function automation.archive_rule(p_rule_id uuid)
returns void
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
begin
    if v_rule.status <> 'archived' then
        perform automation_private.silence_rule(v_rule, 'archived', null);
    end if;
end;
$$;

comment on function automation.archive_rule(uuid) is
    'Takes a rule out of use: it does not fire, its history stays. activate_rule brings it back. '
    'Needs publish.';
