create or replace function automation_private.describe_event(
    p_event automation.automation_events
)
returns jsonb
language sql
stable
return automation_private.condition_document(
    coalesce(p_event.new, '{}'), coalesce(p_event.old, 'null')
) -> 'trigger' || jsonb_build_object(
    'event', p_event.event,
    'event_id', p_event.event_id,
    'entity', p_event.entity,
    'source', p_event.source,
    'occurred_at', automation_private.format_instant(p_event.occurred_at, 'UTC')
);

comment on function automation_private.describe_event(automation.automation_events) is
    'An event as waits show it: event, event_id, entity, new, old, changed, occurred_at, source.';
