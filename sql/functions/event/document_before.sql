create or replace function automation_private.document_before(
    p_event automation.automation_events
)
returns jsonb
language sql
stable
return automation_private.event_document((
    p_event.org_id, p_event.event_id, p_event.batch_id, p_event.event, p_event.entity,
    p_event.old, p_event.old, p_event.source, p_event.causation, p_event.occurred_at,
    p_event.recorded_at
)::automation.automation_events);

comment on function automation_private.document_before(automation.automation_events) is
    'The same before the event: the old row, and nothing has changed. So a condition about a '
    'change is not met before, and one about the row as the row was.';
