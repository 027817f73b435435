create or replace function automation_private.pin_template(
    p_org_id uuid,
    p_name text,
    p_version jsonb,
    p_own_id uuid
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_template automation.workflow_templates;
    v_version int;
    v_error jsonb;
begin
    -- an id before a name that looks like one
    select t.* into v_template
    from automation.workflow_templates as t
    where t.org_id = p_org_id
        and t.deleted_at is null
        and (t.template_name = p_name or t.template_id::text = lower(p_name))
    order by t.template_name = p_name
    limit 1;
    if v_template.template_id = p_own_id and p_version is null then
        return '{"template": {"self": true}}'::jsonb;
    end if;

    v_version := (
        select v.version
        from automation.workflow_template_versions as v
        where v.org_id = p_org_id
            and v.template_id = v_template.template_id
            and to_jsonb(v.version) = coalesce(
                p_version, to_jsonb(v_template.published_version)
            )
    );
    v_error := case
        when v_template.template_id is null then automation_private.suggest_error(
            '/template', 'unknown_template',
            format('there is no template "%s"', left(p_name, 100)), p_name,
            array(
                select t.template_name
                from automation.workflow_templates as t
                where t.org_id = p_org_id and t.deleted_at is null
                order by t.template_name
                limit 500
            )
        )
        when v_template.status = 'archived' then automation_private.build_error(
            '/template', 'template_not_published',
            format('the template "%s" is archived', v_template.template_name),
            'publish_template brings it back'
        )
        when v_template.published_version is null then automation_private.build_error(
            '/template', 'template_not_published',
            format('the template "%s" has not been published', v_template.template_name),
            'publish it first; a workflow that runs itself says "template": {"self": true}'
        ) -- while nobody knows whose draft it is, it may be its own
        || case when p_own_id is null then '{"severity": "warning"}'::jsonb else '{}' end
        when v_version is null and automation_private.check_key_number(
            jsonb_build_object('version', p_version), 'version', 1, 2147483647, true, ''
        ) is null
            then automation_private.build_error(
                '/version', 'unknown_version',
                format(
                    'the template "%s" has no version %s', v_template.template_name, p_version
                ),
                format('its versions go up to %s', v_template.published_version)
            )
    end;
    return case
        when v_error is not null
            then jsonb_build_object('template', jsonb_build_object('errors', array[v_error]))
        when v_version is null then '{}'
        else jsonb_build_object('template', v_template.template_id, 'version', v_version)
    end;
end;
$$;

comment on function automation_private.pin_template(uuid, text, jsonb, uuid) is
    'What a step''s template and version become when it is published: the id and the version, '
    '{"self": true} for the template that the step belongs to, or the error.';
