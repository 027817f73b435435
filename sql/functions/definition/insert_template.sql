create or replace function automation_private.insert_template(
    p_org_id uuid,
    p_name text,
    p_definition jsonb,
    p_description text,
    p_category text,
    p_tags jsonb
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
begin
    if p_name is null then
        raise exception using errcode = 'MA001', message = 'a template needs a name';
    end if;
    perform automation_private.require_template_fields(p_name, p_category, p_tags);
    perform automation_private.require_draft(p_definition);
    insert into automation.workflow_templates (
        org_id, template_id, template_name, description, category, tags, trigger_config,
        workflow_definition, total_steps, created_by, created_at, updated_at
    )
    select
        p_org_id, automation_private.uuid_v7(), btrim(p_name), nullif(p_description, ''),
        nullif(p_category, ''), coalesce(p_tags, '[]'), p_definition -> 'trigger', p_definition,
        automation_private.count_steps(p_definition), automation.current_user_id(), c.now, c.now
    from (select automation_private.clock() as now) as c
    on conflict (org_id, template_name) where deleted_at is null do nothing
    returning template_id into v_id;
    if v_id is null then
        perform automation_private.raise_name_taken('template', p_name);
    end if;
    return v_id;
end;
$$;

comment on function automation_private.insert_template(uuid, text, jsonb, text, text, jsonb) is
    'Stores a new template as a draft and returns its id; raises MA001, MA003 or MA101.';
