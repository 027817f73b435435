create or replace function automation.archive_template(p_template_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('publish');
    v_template automation.workflow_templates;
begin
    perform automation_private.lock_feed(v_org);
    v_template := automation_private.find_template(v_org, p_template_id, true);
    if v_template.status = 'archived' then
        return;
    end if;
    update automation.workflow_templates as t
    set
        status = 'archived',
        updated_at = greatest(
            automation_private.clock(), v_template.updated_at + interval '1 microsecond'
        )
    where t.org_id = v_org and t.template_id = p_template_id;
    perform automation_private.drop_listener(v_org, p_template_id);
    perform automation_private.record_audit(
        v_org, 'archive_template', 'template', p_template_id,
        jsonb_build_object('version', v_template.published_version)
    );
end;
$$;

comment on function automation.archive_template(uuid) is
    'Takes a template out of use: no new instance starts from it, those that run go on. '
    'publish_template brings it back. Needs publish.';
