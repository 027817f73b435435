create or replace function automation_private.read_start_requests(
    p_definition automation.workflow_definitions,
    p_template_id uuid,
    p_items jsonb,
    p_trigger_type text
)
returns automation_private.start_request[]
language sql
volatile
return array(
    select (
        i.ordinality, p_definition.org_id, automation_private.uuid_v7(),
        p_definition.definition_id, p_template_id, null, null, null, c.value,
        jsonb_build_object(
            'type', p_trigger_type,
            'new', coalesce(nullif(i.value -> 'trigger', 'null'), '{}'),
            'who', automation.current_user_id()
        ),
        (
            select r.causation from automation_private.read_cause() as r
            where r.org_id = p_definition.org_id
        ),
        i.value ->> 'idempotency_key', i.value ->> 'name',
        coalesce(automation_private.check_start_item(i.value), c.error), null, null
    )::automation_private.start_request
    from jsonb_array_elements(p_items) with ordinality as i
    cross join lateral automation_private.check_input(
        p_definition.input_schema, coalesce(nullif(i.value -> 'input', 'null'), '{}')
    ) as c
);

comment on function automation_private.read_start_requests(
    automation.workflow_definitions, uuid, jsonb, text
) is
    'Items of a bulk start as requests, with inputs checked and defaults laid under them.';
