create or replace function automation_private.start_instances(
    p_org_id uuid,
    p_template_id uuid,
    p_definition_id uuid,
    p_items jsonb,
    p_trigger_type text
)
returns table (item int, instance_id uuid, outcome text, error jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_memoize = off
set jit = off
as $$
declare
    v_definition automation.workflow_definitions;
    v_requests automation_private.start_request[];
    v_owners jsonb;
begin
    select d.* into v_definition
    from automation.workflow_definitions as d
    where d.org_id = p_org_id and d.definition_id = p_definition_id;
    v_requests := automation_private.read_start_requests(
        v_definition, p_template_id, p_items, p_trigger_type
    );
    if automation_private.is_paused(p_org_id) then
        v_requests := automation_private.refuse_starts(v_requests);
    end if;
    select coalesce(jsonb_object_agg(k.idempotency_key, k.instance_id), '{}') into v_owners
    from automation_private.claim_keys(p_org_id, p_template_id, v_requests) as k;

    perform automation_private.create_instances(
        array(
            select r from unnest(v_requests) as r
            where r.error is null
                and (
                    r.idempotency_key is null
                    or v_owners ->> r.idempotency_key = r.instance_id::text
                )
        ),
        p_trigger_type
    );

    return query
    select
        r.item,
        case
            when r.error is not null then null
            when r.idempotency_key is null then r.instance_id
            else (v_owners ->> r.idempotency_key)::uuid
        end,
        case
            when r.error is not null then 'refused'
            when r.idempotency_key is null
                or v_owners ->> r.idempotency_key = r.instance_id::text then 'started'
            when v_owners ? r.idempotency_key then 'duplicate'
            else 'refused'
        end,
        case
            when r.error is not null then r.error
            when r.idempotency_key is not null and not v_owners ? r.idempotency_key
                then automation_private.error_object(
                    'idempotency_key_in_use', 'refused',
                    'the idempotency key has started another template'
                )
        end
    from unnest(v_requests) as r
    order by r.item;
end;
$$;

comment on function automation_private.start_instances(uuid, uuid, uuid, jsonb, text) is
    'Starts instances of a definition, one per item; the same idempotency key never starts a '
    'second one.';
