create or replace function automation_private.find_event_at(p_org_id uuid, p_at timestamptz)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_low bigint;
    v_high bigint;
    v_middle bigint;
    v_event record;
begin
    select min(e.event_id), max(e.event_id) + 1 into v_low, v_high
    from automation.automation_events as e
    where e.org_id = p_org_id;
    while v_low < v_high loop
        v_middle := v_low + (v_high - v_low) / 2;
        select e.event_id, e.recorded_at into v_event
        from automation.automation_events as e
        where e.org_id = p_org_id and e.event_id >= v_middle
        order by e.event_id
        limit 1;
        if v_event.recorded_at <= p_at then
            v_low := v_event.event_id + 1;
        else
            v_high := v_middle;
        end if;
    end loop;
    return coalesce(v_low, 1);
end;
$$;

comment on function automation_private.find_event_at(uuid, timestamptz) is
    'The first event of an organisation that was recorded later, as far as events are recorded in '
    'the order of their ids: those of one moment need not be.';
