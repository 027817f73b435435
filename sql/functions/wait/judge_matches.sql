create or replace function automation_private.judge_matches(
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
    v_now timestamptz := automation_private.clock();
begin
    -- offset 0: by primary key, and each filter is evaluated once
    with judged as materialized (
        select
            m.org_id, m.instance_id, m.step_id, m.place, m.event_id, m.is_looked_back, e.name,
            case
                when m.is_twice then false
                when f.filter is null then true
                else automation_private.passes_filter(
                    f.filter, a.context, e.event, v_now, a.timezone
                )
            end as is_met
        from automation_private.read_waits(
            p_org_ids, p_instance_ids, p_step_ids, v_now
        ) as a
        cross join lateral (
            select x.*, not x.is_looked_back and exists (
                select from automation_private.event_matches as y
                where y.org_id = x.org_id
                    and y.instance_id = x.instance_id
                    and y.step_id = x.step_id
                    and y.place = x.place
                    and y.event_id = x.event_id
                    and y.is_looked_back
            ) as is_twice
            from automation_private.event_matches as x
            where x.org_id = a.org_id
                and x.instance_id = a.instance_id
                and x.step_id = a.step_id
                and x.is_met is null
            offset 0
        ) as m
        cross join lateral (
            select a.options #> array['events', (m.place - 1)::text, 'filter'] as filter
        ) as f
        left join lateral (
            select x as event, x.event as name
            from automation.automation_events as x
            where f.filter is not null and x.org_id = m.org_id and x.event_id = m.event_id
            offset 0
        ) as e on true
    ),

    refused as (
        delete from automation_private.event_matches as m
        using judged as j
        where j.is_met is not true
            and m.org_id = j.org_id
            and m.instance_id = j.instance_id
            and m.step_id = j.step_id
            and m.place = j.place
            and m.event_id = j.event_id
            and m.is_looked_back = j.is_looked_back
    ),

    noted as (
        update automation_private.event_waits as w
        set undecided = w.undecided + n.events
        from (
            select j.org_id, j.instance_id, j.step_id, j.place, j.name, count(*) as events
            from judged as j
            where j.is_met is null
            group by j.org_id, j.instance_id, j.step_id, j.place, j.name
        ) as n
        where w.org_id = n.org_id
            and w.instance_id = n.instance_id
            and w.step_id = n.step_id
            and w.place = n.place
            and w.event = n.name
    )

    update automation_private.event_matches as m
    set is_met = true
    from judged as j
    where j.is_met
        and m.org_id = j.org_id
        and m.instance_id = j.instance_id
        and m.step_id = j.step_id
        and m.place = j.place
        and m.event_id = j.event_id
        and m.is_looked_back = j.is_looked_back;
end;
$$;

comment on function automation_private.judge_matches(uuid[], uuid[], uuid[]) is
    'Holds the filters against what has newly come for activations that wait, and forgets what '
    'does not meet them. What cannot be decided does not; it is counted.';
