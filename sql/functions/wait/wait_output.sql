create or replace function automation_private.wait_output(
    p_match automation_private.event_matches,
    p_started_at timestamptz,
    p_now timestamptz
)
returns jsonb
language sql
stable
begin atomic
    select automation_private.miss_output(
        p_match.org_id, p_match.instance_id, p_match.step_id, p_started_at, p_now
    ) || jsonb_build_object(
        'matched', true,
        'event', automation_private.bound_event(automation_private.describe_event(e), 40000)
    ) || case
        when w.needed > 1 then jsonb_build_object('count', w.needed, 'events', (
            select jsonb_agg(l.description order by l.event_id)
            from (
                select
                    y.event_id, d.description,
                    sum(pg_column_size(d.description)) over (order by y.event_id) as bytes,
                    row_number() over (order by y.event_id) as place
                from automation_private.event_matches as m
                inner join automation.automation_events as y
                    on m.org_id = y.org_id and m.event_id = y.event_id
                cross join lateral (
                    select automation_private.bound_event(
                        automation_private.describe_event(y), 10000
                    ) as description
                ) as d
                where m.org_id = p_match.org_id
                    and m.instance_id = p_match.instance_id
                    and m.step_id = p_match.step_id
                    and m.place = p_match.place
                    and m.event_id <= p_match.event_id
                    and m.is_met
            ) as l
            where l.bytes <= 20000 and l.place <= 100
        ))
        else '{}'
    end
    from automation.automation_events as e
    cross join lateral (
        select x.needed
        from automation_private.event_waits as x
        where x.org_id = p_match.org_id
            and x.instance_id = p_match.instance_id
            and x.step_id = p_match.step_id
            and x.place = p_match.place
        limit 1
    ) as w
    where e.org_id = p_match.org_id and e.event_id = p_match.event_id;
end;

comment on function automation_private.wait_output(
    automation_private.event_matches, timestamptz, timestamptz
) is
    'The output of a wait that an event has ended.';
