create or replace function automation.create_template(
    p_name text,
    p_definition jsonb,
    p_description text default null,
    p_category text default null,
    p_tags jsonb default '[]',
    p_trigger jsonb default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_id uuid;
begin
    perform automation_private.require_draft(p_definition);
    v_id := automation_private.insert_template(
        v_org, p_name,
        case
            when p_trigger is null then p_definition
            else jsonb_set(p_definition, '{trigger}', p_trigger)
        end,
        p_description, p_category, p_tags
    );
    perform automation_private.record_audit(
        v_org, 'create_template', 'template', v_id, jsonb_build_object('name', btrim(p_name))
    );
    return v_id;
end;
$$;

comment on function automation.create_template(text, jsonb, text, text, jsonb, jsonb) is
    'Creates a template with a draft definition and returns its id. p_trigger replaces the '
    'definition''s trigger. A draft may still have errors; publish_template refuses them. Needs '
    'edit.';
