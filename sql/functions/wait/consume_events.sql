create or replace function automation_private.consume_events(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_waits automation_private.event_waits[] := array(
        select distinct on (w.org_id, w.step_id) w::automation_private.event_waits
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        cross join lateral (
            select x.*
            from automation_private.event_waits as x
            where x.org_id = u.org_id
                and x.instance_id = u.instance_id
                and x.step_id = u.step_id
                and x.consumes
            offset 0
        ) as w
        order by w.org_id, w.step_id
    );
    v_wait automation_private.event_waits;
begin
    if cardinality(v_waits) = 0 then
        return;
    end if;
    perform pg_advisory_xact_lock(k.key)
    from (
        select distinct hashtextextended('automation.consume_events ' || w.org_id, 0) as key
        from unnest(v_waits) as w
        order by key
    ) as k;

    -- ids of activations grow with time: who has waited longest chooses first
    foreach v_wait in array v_waits loop
        delete from automation_private.event_matches as m
        using automation_private.event_waits as w, automation_private.consumed_events as c
        where m.org_id = v_wait.org_id
            and m.instance_id = v_wait.instance_id
            and m.step_id = v_wait.step_id
            and w.org_id = m.org_id
            and w.instance_id = m.instance_id
            and w.step_id = m.step_id
            and w.place = m.place
            and w.consumes
            and c.org_id = m.org_id
            and c.event_id = m.event_id
            and c.step_id <> m.step_id;

        insert into automation_private.consumed_events (org_id, event_id, instance_id, step_id)
        select distinct m.org_id, m.event_id, m.instance_id, m.step_id
        from automation_private.event_matches as m
        inner join automation_private.event_waits as w
            on m.org_id = w.org_id and m.instance_id = w.instance_id and m.step_id = w.step_id
                and m.place = w.place and w.consumes
        left join automation_private.choose_matches(
            array[v_wait.org_id], array[v_wait.instance_id], array[v_wait.step_id]
        ) as c on true
        where m.org_id = v_wait.org_id
            and m.instance_id = v_wait.instance_id
            and m.step_id = v_wait.step_id
            and m.is_met
            and (c.event_id is null or (m.event_id, m.place) <= (c.event_id, c.place))
        on conflict do nothing;
    end loop;
end;
$$;

comment on function automation_private.consume_events(uuid[], uuid[], uuid[]) is
    'Lets activations that consume take their events, each event one activation, and forget those '
    'that others have taken. Serialised for each organisation, because what competes has different '
    'roots.';
