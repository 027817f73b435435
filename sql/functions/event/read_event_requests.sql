create or replace function automation_private.read_event_requests(
    p_org_id uuid,
    p_events jsonb,
    p_source text
)
returns automation_private.event_request[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cause jsonb := (
        select c.causation from automation_private.read_cause() as c where c.org_id = p_org_id
    );
begin
    -- offset 0: instances by key, one for each event that names one
    return array(
        select (
            e.ordinality,
            nextval(pg_get_serial_sequence('automation.automation_events', 'event_id')),
            v.event, v.entity, v.new, v.old, coalesce(c.causation, v_cause), v.dedupe_key,
            automation_private.parse_instant(v.occurred_at, 'UTC'),
            coalesce(
                automation_private.check_event(e.value),
                case
                    when p_source = 'emitted' and automation_private.is_reserved_event(v.event)
                        then automation_private.error_object(
                            'reserved_event', 'invalid',
                            'events webhook.…, manual.…, rule.… and approval.… come from the '
                            'engine alone'
                        )
                    when e.value ->> 'caused_by' is not null and c.causation is null
                        then automation_private.error_object(
                            'unknown_cause', 'invalid', 'caused_by names no instance'
                        )
                end
            )
        )::automation_private.event_request
        from jsonb_array_elements(p_events) with ordinality as e
        cross join lateral (
            select
                e.value ->> 'event' as event,
                e.value ->> 'entity' as entity,
                nullif(
                    coalesce(nullif(e.value -> 'new', 'null'), e.value -> 'data'), 'null'
                ) as new,
                nullif(e.value -> 'old', 'null') as old,
                e.value ->> 'dedupe_key' as dedupe_key,
                e.value ->> 'occurred_at' as occurred_at,
                case
                    when e.value ->> 'caused_by'
                        ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
                        then (e.value ->> 'caused_by')::uuid
                end as caused_by
        ) as v
        left join lateral (
            select automation_private.continue_chain(i) as causation
            from automation.workflow_instances as i
            where i.org_id = p_org_id and i.instance_id = v.caused_by
            offset 0
        ) as c on true
        order by e.ordinality
    );
end;
$$;

comment on function automation_private.read_event_requests(uuid, jsonb, text) is
    'Items of emit_events as requests, each checked. Reserved names are for the engine''s sources.';
