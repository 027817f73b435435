create or replace function automation.workflow_diagram(
    p_template_id uuid default null,
    p_instance_id uuid default null,
    p_definition jsonb default null,
    p_version int default null
)
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('view');
    v_instance automation.workflow_instances;
    v_definition jsonb := p_definition;
begin
    if num_nonnulls(p_template_id, p_instance_id, p_definition) <> 1
        or p_version is not null and p_template_id is null
    then
        raise exception using
            errcode = 'MA001',
            message = 'a diagram shows one thing',
            hint = 'give p_template_id (and p_version if wanted), p_instance_id or p_definition';
    elsif p_template_id is not null then
        v_definition := automation_private.find_version(v_org, p_template_id, p_version);
    elsif p_instance_id is not null then
        perform automation_private.require_instance(v_org, p_instance_id);
        select i.* into v_instance
        from automation.workflow_instances as i
        where i.org_id = v_org and i.instance_id = p_instance_id;
        v_definition := (
            select d.source
            from automation.workflow_definitions as d
            where d.org_id = v_org and d.definition_id = v_instance.definition_id
        );
    else
        perform automation_private.require_definition_size(p_definition);
    end if;
    return automation_private.draw_diagram(
        automation_private.name_templates(v_org, v_definition), v_instance
    );
end;
$$;

comment on function automation.workflow_diagram(uuid, uuid, jsonb, int) is
    'A workflow as a Mermaid flowchart: a template''s published version (p_version: another one; '
    'never published: the draft), a definition that is stored nowhere, or an instance on the '
    'definition that it runs, with the state of every step, how often it was entered and the way '
    'taken. Needs view.';
