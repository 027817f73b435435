create or replace function automation_private.find_template(
    p_org_id uuid,
    p_template_id uuid,
    p_lock boolean
)
returns automation.workflow_templates
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_template automation.workflow_templates;
begin
    if p_lock then
        select t.* into v_template
        from automation.workflow_templates as t
        where t.org_id = p_org_id and t.template_id = p_template_id and t.deleted_at is null
        for no key update;
    else
        select t.* into v_template
        from automation.workflow_templates as t
        where t.org_id = p_org_id and t.template_id = p_template_id and t.deleted_at is null;
    end if;
    if v_template.template_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such template',
            detail = format('template %s', p_template_id);
    end if;
    return v_template;
end;
$$;

comment on function automation_private.find_template(uuid, uuid, boolean) is
    'The template, locked against other changes if wanted; raises MA002 when there is none, or '
    'only a deleted one.';
