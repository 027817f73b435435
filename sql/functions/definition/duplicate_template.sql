create or replace function automation.duplicate_template(p_template_id uuid, p_name text)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_source constant automation.workflow_templates := automation_private.find_template(
        v_org, p_template_id, false
    );
    v_id uuid;
begin
    v_id := automation_private.insert_template(
        v_org, p_name, v_source.workflow_definition, v_source.description, v_source.category,
        v_source.tags
    );
    perform automation_private.record_audit(
        v_org, 'duplicate_template', 'template', v_id,
        jsonb_build_object('name', btrim(p_name), 'copied_from', p_template_id)
    );
    return v_id;
end;
$$;

comment on function automation.duplicate_template(uuid, text) is
    'Copies a template''s draft into a new template of that name and returns its id; later '
    'changes of either do not reach the other. Needs edit.';
