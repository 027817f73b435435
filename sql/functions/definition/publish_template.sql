create or replace function automation.publish_template(p_template_id uuid)
returns int
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('publish');
    v_template automation.workflow_templates;
    v_definition uuid;
    v_same boolean;
    v_version int;
begin
    -- the feed before the template: events are not dispatched while what listens changes
    perform automation_private.lock_feed(v_org);
    v_template := automation_private.find_template(v_org, p_template_id, true);
    v_definition := automation_private.store_definition(
        v_org, v_template.workflow_definition, p_template_id
    );
    v_same := v_definition is not distinct from v_template.published_definition_id;
    v_version := v_template.published_version;
    if v_same and v_template.status = 'active' and v_template.status_reason is null then
        return v_version;
    end if;
    if not v_same then
        v_version := 1 + coalesce(
            (
                select max(v.version)
                from automation.workflow_template_versions as v
                where v.org_id = v_org and v.template_id = p_template_id
            ), 0
        );
        insert into automation.workflow_template_versions (
            org_id, template_id, version, definition_id, published_by, published_at
        )
        values (
            v_org, p_template_id, v_version, v_definition, automation.current_user_id(),
            automation_private.clock()
        );
    end if;
    update automation.workflow_templates as t
    set
        status = 'active',
        status_reason = null,
        published_version = v_version,
        published_definition_id = v_definition,
        updated_at = greatest(
            automation_private.clock(), v_template.updated_at + interval '1 microsecond'
        )
    where t.org_id = v_org and t.template_id = p_template_id;
    perform automation_private.let_template_listen(
        v_org, p_template_id, v_version, v_definition, (
            select d.source -> 'trigger'
            from automation.workflow_definitions as d
            where d.org_id = v_org and d.definition_id = v_definition
        )
    );
    perform automation_private.record_audit(
        v_org, 'publish_template', 'template', p_template_id,
        jsonb_build_object('version', v_version, 'definition_id', v_definition)
    );
    return v_version;
end;
$$;

comment on function automation.publish_template(uuid) is
    'Makes the draft what new instances run and returns its version; instances that run keep '
    'theirs. Publishing an unchanged draft returns the present version; an archived template '
    'becomes active. Raises MA200 with all errors in its detail when the draft is invalid. Needs '
    'publish.';
