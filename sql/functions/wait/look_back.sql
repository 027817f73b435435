create or replace function automation_private.look_back(
    p_woken automation_private.due_timer[]
)
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_last bigint := automation_private.last_event();
    v_looking automation_private.event_waits[] := array(
        select w::automation_private.event_waits
        from unnest(p_woken) as t
        cross join lateral (
            select x.*
            from automation_private.event_waits as x
            where x.org_id = t.org_id
                and x.instance_id = t.instance_id
                and x.step_id = t.step_id
                and x.look_from is not null
            offset 0
        ) as w
    );
    v_unfinished uuid[];
begin
    if cardinality(v_looking) = 0 then
        return p_woken;
    end if;
    perform automation_private.insert_looked_back(v_looking, v_last);
    with reach as materialized (
        select r.* from automation_private.list_reaches(v_looking, v_last) as r
    ),

    moved as (
        update automation_private.event_waits as w
        set
            look_from = case
                when r.reach < coalesce(w.look_until, v_last) then greatest(w.look_from, r.reach)
            end,
            look_until = coalesce(w.look_until, v_last)
        from unnest(v_looking) as l
        inner join reach as r on l.org_id = r.org_id
        where w.org_id = l.org_id
            and w.instance_id = l.instance_id
            and w.step_id = l.step_id
            and w.place = l.place
            and w.event = l.event
        returning w.step_id, w.look_from
    )

    select array_agg(distinct m.step_id) into v_unfinished
    from moved as m
    where m.look_from is not null;
    if v_unfinished is null then
        return p_woken;
    end if;
    -- who was woken by an event alone has this timer still
    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select t.org_id, t.instance_id, t.step_id, t.kind, t.root_id, automation_private.clock()
    from unnest(p_woken) as t
    where t.kind = 'look_back' and t.step_id = any (v_unfinished);
    return array(select t from unnest(p_woken) as t where t.step_id <> all (v_unfinished));
end;
$$;

comment on function automation_private.look_back(automation_private.due_timer[]) is
    'Goes on with the look back of activations that have not seen yet what was dispatched before '
    'their wait could be seen; returns those that have seen everything.';
