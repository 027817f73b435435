create or replace function automation_private.condition_set_users(p_org_id uuid, p_name text)
returns text[]
language sql stable
begin atomic
    select coalesce(array_agg(u.kind || ' ' || to_json(u.name) order by u.kind, u.name), '{}')
    from (
        select 'condition set' as kind, s.name
        from automation.condition_sets as s
        where s.org_id = p_org_id
            and p_name = any (automation_private.list_references(s.condition))
        union all
        select 'rule', r.rule_name
        from automation.automation_rules as r
        where r.org_id = p_org_id
            and r.deleted_at is null
            and p_name = any (automation_private.document_references(
                jsonb_build_object('conditions', r.conditions, 'trigger', r.trigger_config)
            ))
        union all
        select 'template', t.template_name
        from automation.workflow_templates as t
        where t.org_id = p_org_id
            and t.deleted_at is null
            and p_name = any (automation_private.document_references(t.workflow_definition))
    ) as u;
end;

comment on function automation_private.condition_set_users(uuid, text) is
'What refers to a condition set by itself: other sets, rules, and drafts of templates.';
