create or replace function automation_private.insert_looked_back(
    p_looking automation_private.event_waits[],
    p_last bigint
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    with kind as materialized (
        select distinct w.org_id, w.event, w.shape from unnest(p_looking) as w
    ),

    keyed as materialized (
        select
            r.org_id, e.event_id, e.event, k.shape,
            automation_private.event_key(k.shape, e.new, e.old, e.entity) as key
        from automation_private.list_reaches(p_looking, p_last) as r
        cross join lateral (
            select x.event_id, x.event, x.new, x.old, x.entity
            from automation.automation_events as x
            where x.org_id = r.org_id and x.event_id > r.look_from and x.event_id <= r.reach
            offset 0
        ) as e
        inner join kind as k on r.org_id = k.org_id and e.event = k.event
    )

    insert into automation_private.event_matches (
        org_id, instance_id, step_id, place, event_id, is_looked_back
    )
    select w.org_id, w.instance_id, w.step_id, w.place, k.event_id, true
    from unnest(p_looking) as w
    inner join keyed as k
        on w.org_id = k.org_id and w.event = k.event and w.shape = k.shape and w.key = k.key
    where k.event_id > w.look_from and k.event_id <= coalesce(w.look_until, p_last)
    on conflict do nothing;
end;
$$;

comment on function automation_private.insert_looked_back(
    automation_private.event_waits[], bigint
) is
    'Notes which events of the log fit what activations wait for, each organisation''s log read '
    'once for all of them.';
