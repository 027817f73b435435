create or replace function automation_private.list_gathered(
    p_org_id uuid,
    p_events bigint[],
    p_count int
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_build_object('gathered', jsonb_build_object(
        'count', p_count,
        'events', (
            select jsonb_agg(
                jsonb_build_object(
                    'event_id', e.event_id, 'event', e.event, 'entity', e.entity, 'new', e.new
                )
                order by e.event_id
            )
            from automation.automation_events as e
            where e.org_id = p_org_id and e.event_id = any (p_events)
        )
    ));
end;
$$;

comment on function automation_private.list_gathered(uuid, bigint[], int) is
    'What a run sees of the events that a debounce or batch has put together.';
