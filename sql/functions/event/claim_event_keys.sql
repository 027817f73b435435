create or replace function automation_private.claim_event_keys(
    p_org_id uuid,
    p_requests automation_private.event_request[]
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- in key order, so that two callers with the same keys never wait in a circle
    insert into automation_private.event_keys (org_id, event, dedupe_key, event_id)
    select distinct on (r.event, r.dedupe_key) p_org_id, r.event, r.dedupe_key, r.event_id
    from unnest(p_requests) as r
    where r.dedupe_key is not null and r.error is null
    order by r.event, r.dedupe_key, r.item
    on conflict do nothing;

    return (
        select jsonb_object_agg(e.event, e.keys)
        from (
            select k.event, jsonb_object_agg(k.dedupe_key, k.event_id) as keys
            from automation_private.event_keys as k
            where k.org_id = p_org_id
                and (k.event, k.dedupe_key) in (
                    select r.event, r.dedupe_key
                    from unnest(p_requests) as r
                    where r.dedupe_key is not null and r.error is null
                )
            group by k.event
        ) as e
    );
end;
$$;

comment on function automation_private.claim_event_keys(
    uuid, automation_private.event_request[]
) is
    'Which event each dedupe key belongs to, now or since earlier: {event: {key: id}}.';
