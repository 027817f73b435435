create or replace function automation_private.read_start_requests(
    p_items jsonb,
    p_input_schema jsonb,
    p_trigger_type text
)
returns automation_private.start_request[]
language sql
stable
return array(
    select (
        i.ordinality, automation_private.uuid_v7(), c.value,
        jsonb_build_object(
            'type', p_trigger_type,
            'new', coalesce(nullif(i.value -> 'trigger', 'null'), '{}'),
            'who', automation.current_user_id()
        ),
        i.value ->> 'idempotency_key', i.value ->> 'name',
        coalesce(automation_private.check_start_item(i.value), c.error)
    )::automation_private.start_request
    from jsonb_array_elements(p_items) with ordinality as i
    cross join lateral automation_private.check_input(
        p_input_schema, coalesce(nullif(i.value -> 'input', 'null'), '{}')
    ) as c
);

comment on function automation_private.read_start_requests(jsonb, jsonb, text) is
    'Items of a bulk start as requests, with inputs checked and defaults laid under them.';
