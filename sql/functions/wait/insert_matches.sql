create or replace function automation_private.insert_matches(
    p_org_ids uuid[],
    p_event_ids bigint[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    -- the recursion hops from shape to shape; offset 0: by index, whatever the statistics suggest
    with recursive event as materialized (
        select e.*
        from unnest(p_org_ids, p_event_ids) as u (org_id, event_id)
        cross join lateral (
            select x.org_id, x.event_id, x.event, x.new, x.old, x.entity
            from automation.automation_events as x
            where x.org_id = u.org_id and x.event_id = u.event_id
            offset 0
        ) as e
    ),

    shape (org_id, event, shape) as (
        select k.org_id, k.event, (
            select w.shape
            from automation_private.event_waits as w
            where w.event = k.event and w.org_id = k.org_id
            order by w.shape
            limit 1
        )
        from (select distinct e.org_id, e.event from event as e) as k
        union all
        select s.org_id, s.event, (
            select w.shape
            from automation_private.event_waits as w
            where w.event = s.event and w.org_id = s.org_id and w.shape > s.shape
            order by w.shape
            limit 1
        )
        from shape as s
        where s.shape is not null
    ),

    keyed as materialized (
        select
            e.org_id, e.event_id, e.event, s.shape,
            automation_private.event_key(s.shape, e.new, e.old, e.entity) as key
        from event as e
        inner join shape as s
            on e.org_id = s.org_id and e.event = s.event and s.shape is not null
    ),

    found as materialized (
        select w.*, k.event_id
        from keyed as k
        cross join lateral (
            select x.org_id, x.instance_id, x.step_id, x.place, x.root_id, x.consumes
            from automation_private.event_waits as x
            where x.event = k.event
                and x.org_id = k.org_id
                and x.shape = k.shape
                and x.key = k.key
                and x.mark < k.event_id
            offset 0
        ) as w
        where k.key is not null
    ),

    matched as (
        insert into automation_private.event_matches (
            org_id, instance_id, step_id, place, event_id, is_looked_back
        )
        select f.org_id, f.instance_id, f.step_id, f.place, f.event_id, false
        from found as f
        on conflict do nothing
    )

    -- who has waited longest looks first
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, attempt
    )
    select
        f.org_id, f.instance_id, f.step_id, 'event', f.root_id,
        v_now - row_number() over (order by f.step_id desc) * interval '1 microsecond',
        max(f.event_id) % 2147483648
    from found as f
    group by f.org_id, f.instance_id, f.step_id, f.root_id
    on conflict do nothing;
end;
$$;

comment on function automation_private.insert_matches(uuid[], bigint[]) is
    'Notes which events fit what activations wait for, and wakes these with the next tick.';
