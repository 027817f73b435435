create or replace function automation_private.renew_listeners()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update automation_private.listeners as l
    set
        condition = (s.compiled).path,
        derived = (s.compiled).derived,
        reads = coalesce((s.compiled).reads, '{}'),
        compiler_version = automation_private.compiler_version()
    from (
        select
            r.org_id, r.rule_id as listener_id, 'rule' as kind, r.version,
            automation_private.join_conditions(
                r.rule #> '{trigger,condition}', r.rule -> 'conditions'
            ) as compiled
        from automation.automation_rule_versions as r
        union all
        select
            t.org_id, t.template_id, k.kind, t.published_version,
            automation_private.join_conditions(
                (automation_private.read_trigger(d.source -> 'trigger', '')).config
                #> array_remove(array[nullif(k.kind, 'template'), 'condition'], null),
                null
            )
        from automation.workflow_templates as t
        inner join automation.workflow_definitions as d
            on t.org_id = d.org_id and t.published_definition_id = d.definition_id
        cross join unnest(array['template', 'goal', 'exit']) as k (kind)
        where d.source ? 'trigger'
    ) as s
    where l.org_id = s.org_id
        and l.listener_id = s.listener_id
        and l.kind = s.kind
        and l.version = s.version
        and l.compiler_version <> automation_private.compiler_version();
end;
$$;

comment on function automation_private.renew_listeners() is
    'Compiles what rules and templates wait for anew where another compiler did it, so that what '
    'dispatches and what explains never part.';
