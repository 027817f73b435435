create or replace function automation_private.find_target_version(
    p_instance automation.workflow_instances,
    p_version int
)
returns automation.workflow_template_versions
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version automation.workflow_template_versions;
begin
    select v.* into v_version
    from automation.workflow_templates as t
    inner join automation.workflow_template_versions as v
        on v.org_id = t.org_id and v.template_id = t.template_id
    where t.org_id = p_instance.org_id
        and t.template_id = p_instance.template_id
        and v.version = coalesce(p_version, t.published_version);
    if v_version.definition_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such version to migrate to',
            detail = format(
                'template %s, version %s', coalesce(p_instance.template_id::text, 'none'),
                coalesce(p_version::text, 'published')
            );
    end if;
    return v_version;
end;
$$;

comment on function automation_private.find_target_version(automation.workflow_instances, int) is
    'A version of the template of an instance, by default the published one. Raises MA002 when '
    'there is none.';
