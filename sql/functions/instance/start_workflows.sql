create or replace function automation.start_workflows(p_template_id uuid, p_items jsonb)
returns table (item int, instance_id uuid, outcome text, error jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('run');
    v_template automation.workflow_templates;
begin
    if jsonb_typeof(p_items) is distinct from 'array' or jsonb_array_length(p_items) > 10000 then
        raise exception using
            errcode = 'MA001',
            message = 'the items are an array of at most 10,000 objects',
            hint = 'each {"input": {…}, "trigger": {…}, "idempotency_key": "…", "name": "…"}';
    end if;
    v_template := automation_private.find_template(v_org, p_template_id, false);
    if v_template.status <> 'active' then
        raise exception using
            errcode = 'MA101',
            message = format('the template is %s and starts nothing', v_template.status),
            detail = format('template %s', p_template_id),
            hint = 'publish_template makes it active';
    end if;
    return query
    select s.item, s.instance_id, s.outcome, s.error
    from automation_private.start_instances(
        v_org, p_template_id, v_template.published_definition_id, p_items, 'manual'
    ) as s;
end;
$$;

comment on function automation.start_workflows(uuid, jsonb) is
    'Starts many instances of a published template at once, one per item {"input", "trigger", '
    '"idempotency_key", "name"}. Each item has its own outcome: started, duplicate (the key has '
    'started that instance before) or refused with the reason, which is org_paused for all while '
    'the organisation is paused.';
