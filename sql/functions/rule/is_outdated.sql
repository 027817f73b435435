create or replace function automation_private.is_outdated(p_rule automation.automation_rules)
returns boolean
language sql
stable
begin atomic
    select exists (
        select
        from automation_private.condition_places(automation_private.rule_document(p_rule)) as p
        inner join automation.automation_rule_versions as v
            on v.org_id = p_rule.org_id
            and v.rule_id = p_rule.rule_id
            and v.version = p_rule.version
        where automation_private.has_references(p.node)
            and automation_private.expand_condition(p_rule.org_id, p.node)
            is distinct from v.rule #> p.path
    );
end;

comment on function automation_private.is_outdated(automation.automation_rules) is
    'Whether condition sets have changed since the rule''s present version was made.';
