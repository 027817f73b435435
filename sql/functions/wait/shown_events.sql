create or replace function automation_private.shown_events(
    p_batches automation_private.event_batches[],
    p_cuts automation_private.firing[]
)
returns table (org_id uuid, event_id bigint)
language sql
stable
begin atomic
    select b.org_id, e.event_id
    from unnest(p_batches) as b
    cross join lateral (
        select x.event_id
        from automation.automation_events as x
        where x.org_id = b.org_id
            and x.event_id between b.first_event and b.last_event
            and x.batch_id = b.batch_id
        order by x.event_id
        limit b.events
    ) as e
    where not exists (
        select from unnest(p_cuts) as c
        where b.org_id = c.org_id and (b.batch_id, e.event_id) >= (c.batch_id, c.event_id)
    );
end;

comment on function automation_private.shown_events(
    automation_private.event_batches[], automation_private.firing[]
) is
    'The events that are taken out of claimed batches for good: all, or those before their '
    'organisation''s cut.';
