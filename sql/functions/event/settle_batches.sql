create or replace function automation_private.settle_batches(
    p_batches automation_private.event_batches[],
    p_cuts automation_private.firing[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from automation_private.event_batches as b
    using unnest(p_batches) as t
    where b.org_id = t.org_id
        and b.batch_id = t.batch_id
        and b.events = t.events
        and not exists (
            select from unnest(p_cuts) as c
            where t.org_id = c.org_id and t.batch_id >= c.batch_id
        );

    -- a batch that has lost its events must not be shown for ever
    delete from automation_private.event_batches as b
    using unnest(p_batches) as t
    where b.org_id = t.org_id
        and b.batch_id = t.batch_id
        and not exists (
            select from automation.automation_events as x
            where x.org_id = t.org_id
                and x.event_id between t.first_event and t.last_event
                and x.batch_id = t.batch_id
        );

    update automation_private.event_batches as b
    set first_event = d.last_event + 1, events = greatest(b.events - d.events, 1)
    from (
        select t.org_id, t.batch_id, max(e.event_id) as last_event, count(*) as events
        from unnest(p_batches) as t
        cross join lateral (
            select x.event_id
            from automation.automation_events as x
            where x.org_id = t.org_id
                and x.event_id between t.first_event and t.last_event
                and x.batch_id = t.batch_id
            order by x.event_id
            limit t.events
        ) as e
        where not exists (
            select from unnest(p_cuts) as c
            where t.org_id = c.org_id and (t.batch_id, e.event_id) >= (c.batch_id, c.event_id)
        )
        group by t.org_id, t.batch_id
    ) as d
    where b.org_id = d.org_id and b.batch_id = d.batch_id;
end;
$$;

comment on function automation_private.settle_batches(
    automation_private.event_batches[], automation_private.firing[]
) is
    'Takes events that have been shown out of their batches: all that were claimed, or those '
    'before their organisation''s cut.';
