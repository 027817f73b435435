create or replace function automation.export_template(p_template_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('view');
    v_template constant automation.workflow_templates := automation_private.find_template(
        v_org, p_template_id, false
    );
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'format', 'automation.template',
        'schema_version', 1,
        'name', v_template.template_name,
        'description', v_template.description,
        'category', v_template.category,
        'tags', v_template.tags
    )) || jsonb_build_object('definition', automation_private.name_templates(
        v_org, v_template.workflow_definition
    ));
end;
$$;

comment on function automation.export_template(uuid) is
    'A template''s draft as a document for import_template, here or elsewhere. Of templates, '
    'condition sets and secrets it holds names only. Needs view.';
