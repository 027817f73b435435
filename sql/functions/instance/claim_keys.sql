create or replace function automation_private.claim_keys(
    p_org_id uuid,
    p_template_id uuid,
    p_requests automation_private.start_request[]
)
returns table (idempotency_key text, instance_id uuid)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- in key order, so that two bulk starts with the same keys never wait in a circle
    insert into automation_private.idempotency_keys (
        org_id, idempotency_key, template_id, instance_id
    )
    select distinct on (r.idempotency_key) p_org_id, r.idempotency_key, p_template_id, r.instance_id
    from unnest(p_requests) as r
    where r.idempotency_key is not null and r.error is null
    order by r.idempotency_key, r.item
    on conflict do nothing;

    return query
    select k.idempotency_key, k.instance_id
    from automation_private.idempotency_keys as k
    where k.org_id = p_org_id
        and k.template_id = p_template_id
        and k.idempotency_key = any (
            array(select r.idempotency_key from unnest(p_requests) as r where r.error is null)
        );
end;
$$;

comment on function automation_private.claim_keys(uuid, uuid, automation_private.start_request[]) is
    'Which instance each idempotency key belongs to, now or since earlier; keys that belong to '
    'another template are missing.';
