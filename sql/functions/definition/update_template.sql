create or replace function automation.update_template(
    p_template_id uuid,
    p_name text default null,
    p_definition jsonb default null,
    p_description text default null,
    p_category text default null,
    p_tags jsonb default null,
    p_trigger jsonb default null,
    p_expected_updated_at timestamptz default null
)
returns timestamptz
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_old constant automation.workflow_templates := automation_private.find_template(
        v_org, p_template_id, true
    );
    v_draft jsonb := coalesce(p_definition, v_old.workflow_definition);
    v_updated_at constant timestamptz := greatest(
        automation_private.clock(), v_old.updated_at + interval '1 microsecond'
    );
begin
    if p_expected_updated_at <> v_old.updated_at then
        raise exception using
            errcode = 'MA101',
            message = 'somebody else has changed the template in the meantime',
            detail = format('last changed at %s', v_old.updated_at),
            hint = 'read it again, repeat the change and give its present updated_at';
    end if;
    perform automation_private.require_template_fields(p_name, p_category, p_tags);
    perform automation_private.require_draft(v_draft);
    if p_trigger is not null then
        v_draft := jsonb_set(v_draft, '{trigger}', p_trigger);
        perform automation_private.require_draft(v_draft);
    end if;

    begin
        update automation.workflow_templates as t
        set
            template_name = coalesce(btrim(p_name), v_old.template_name),
            description = nullif(coalesce(p_description, v_old.description), ''),
            category = nullif(coalesce(p_category, v_old.category), ''),
            tags = coalesce(p_tags, v_old.tags),
            workflow_definition = v_draft,
            trigger_config = v_draft -> 'trigger',
            total_steps = automation_private.count_steps(v_draft),
            updated_at = v_updated_at
        where t.org_id = v_org and t.template_id = p_template_id;
    exception when unique_violation then
        perform automation_private.raise_name_taken('template', p_name);
    end;
    perform automation_private.record_audit(
        v_org, 'update_template', 'template', p_template_id,
        jsonb_build_object('changed', array_remove(array[
            case when p_name is not null then 'name' end,
            case when p_definition is not null then 'definition' end,
            case when p_description is not null then 'description' end,
            case when p_category is not null then 'category' end,
            case when p_tags is not null then 'tags' end,
            case when p_trigger is not null then 'trigger' end
        ], null))
    );
    return v_updated_at;
end;
$$;

comment on function automation.update_template(
    uuid, text, jsonb, text, text, jsonb, jsonb, timestamptz
) is
    'Changes what is given of a template and returns its new updated_at. Versions that are '
    'published stay as they are. An empty description or category removes it; with '
    'p_expected_updated_at the change is refused (MA101) if somebody was faster. Needs edit.';
