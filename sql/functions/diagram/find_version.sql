create or replace function automation_private.find_version(
    p_org_id uuid,
    p_template_id uuid,
    p_version int
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_template automation.workflow_templates;
    v_source jsonb;
begin
    select t.* into v_template
    from automation.workflow_templates as t
    where t.org_id = p_org_id and t.template_id = p_template_id and t.deleted_at is null;
    if v_template.template_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such template',
            detail = format('template %s', p_template_id);
    elsif p_version is null and v_template.published_version is null then
        return v_template.workflow_definition;
    end if;
    select d.source into v_source
    from automation.workflow_template_versions as v
    inner join automation.workflow_definitions as d
        on v.org_id = d.org_id and v.definition_id = d.definition_id
    where v.org_id = p_org_id
        and v.template_id = p_template_id
        and v.version = coalesce(p_version, v_template.published_version);
    if v_source is null then
        raise exception using
            errcode = 'MA002',
            message = format('the template has no version %s', p_version),
            detail = format('template %s', p_template_id),
            hint = case
                when v_template.published_version is null then 'it has not been published'
                else format('its versions go up to %s', v_template.published_version)
            end;
    end if;
    return v_source;
end;
$$;

comment on function automation_private.find_version(uuid, uuid, int) is
    'The definition that a version of a template is: by default the published one, or the draft '
    'when there is none. Raises MA002.';
