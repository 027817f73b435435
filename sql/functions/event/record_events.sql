create or replace function automation_private.record_events(
    p_org_id uuid,
    p_events jsonb,
    p_source text default 'emitted'
)
returns table (item int, event_id bigint, outcome text, error jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_batch bigint := nextval('automation_private.event_batches_batch_id_seq');
    v_now timestamptz := automation_private.clock();
    v_requests automation_private.event_request[] := automation_private.read_event_requests(
        p_org_id, p_events, p_source
    );
    v_keys jsonb := automation_private.claim_event_keys(p_org_id, v_requests);
begin
    with recorded as (
        insert into automation.automation_events as x (
            org_id, event_id, batch_id, event, entity, new, old, source, causation, occurred_at,
            recorded_at
        )
        overriding system value
        select
            p_org_id, r.event_id, v_batch, r.event, r.entity, r.new, r.old, p_source,
            r.causation, coalesce(r.occurred_at, v_now), v_now
        from unnest(v_requests) as r
        where r.error is null
            and (
                r.dedupe_key is null
                or v_keys #>> array[r.event, r.dedupe_key] = r.event_id::text
            )
        returning x.event_id, x.event
    )

    insert into automation_private.event_batches (
        org_id, batch_id, first_event, last_event, events
    )
    select p_org_id, v_batch, min(e.event_id), max(e.event_id), count(*)
    from recorded as e
    having bool_or(exists (
        select from automation_private.listeners as l
        where l.org_id = p_org_id and l.event = e.event
    ) or exists (
        select from automation_private.awaited_events as a
        where a.org_id = p_org_id and a.event = e.event
    ));

    return query
    select
        r.item,
        case
            when r.error is not null then null
            when r.dedupe_key is null then r.event_id
            else (v_keys #>> array[r.event, r.dedupe_key])::bigint
        end,
        case
            when r.error is not null then 'refused'
            when r.dedupe_key is null
                or v_keys #>> array[r.event, r.dedupe_key] = r.event_id::text then 'recorded'
            else 'duplicate'
        end,
        r.error
    from unnest(v_requests) as r;
end;
$$;

comment on function automation_private.record_events(uuid, jsonb, text) is
    'Appends events of an organisation and, if something listens to one of them, a batch for the '
    'clock to dispatch. p_source says who brings them; clients'' own are "emitted".';
