create or replace function automation_private.event_document(
    p_event automation.automation_events
)
returns jsonb
language sql
stable
return jsonb_set(
    automation_private.condition_document(
        coalesce(p_event.new, '{}'), coalesce(p_event.old, 'null')
    ),
    '{trigger}',
    jsonb_build_object(
        'type', automation_private.start_type(p_event.event), 'event', p_event.event,
        'event_id', p_event.event_id,
        'entity', p_event.entity, 'source', p_event.source, 'who', null,
        'occurred_at', automation_private.format_instant(p_event.occurred_at, 'UTC')
    ) || (
        automation_private.condition_document(
            coalesce(p_event.new, '{}'), coalesce(p_event.old, 'null')
        ) -> 'trigger'
    )
) || jsonb_build_object('org', jsonb_build_object(
    'id', p_event.org_id, 'timezone', automation_private.org_timezone_of(p_event.org_id)
));

comment on function automation_private.event_document(automation.automation_events) is
    'What a condition reads of an event: new, old, trigger and org.';
