create or replace function automation_private.trigger_of(
    p_event automation.automation_events,
    p_events bigint[]
)
returns jsonb
language sql
stable
return (automation_private.event_document(p_event) -> 'trigger') || case
    when cardinality(p_events) < 2 then '{}'::jsonb
    else (
        select jsonb_build_object('gathered', jsonb_build_object(
            'count', count(*),
            'events', jsonb_agg(
                jsonb_build_object(
                    'event_id', x.event_id, 'event', x.event, 'entity', x.entity, 'new', x.new
                )
                order by x.event_id
            )
        ))
        from automation.automation_events as x
        where x.org_id = p_event.org_id and x.event_id = any (p_events)
    )
end;

comment on function automation_private.trigger_of(automation.automation_events, bigint[]) is
    'What a run sees of what triggered it; of several events the last, with all of them in a list.';
