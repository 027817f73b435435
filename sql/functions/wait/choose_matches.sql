create or replace function automation_private.choose_matches(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[]
)
returns setof automation_private.event_matches
language sql
stable
begin atomic
    select distinct on (n.org_id, n.instance_id, n.step_id)
        n.org_id, n.instance_id, n.step_id, n.place, n.event_id, n.is_looked_back, n.is_met
    from (
        select
            m.*, row_number() over (
                partition by m.org_id, m.instance_id, m.step_id, m.place order by m.event_id
            ) as events
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        cross join lateral (
            select x.*
            from automation_private.event_matches as x
            where x.org_id = u.org_id
                and x.instance_id = u.instance_id
                and x.step_id = u.step_id
                and x.is_met
            offset 0
        ) as m
    ) as n
    cross join lateral (
        select x.needed
        from automation_private.event_waits as x
        where x.org_id = n.org_id
            and x.instance_id = n.instance_id
            and x.step_id = n.step_id
            and x.place = n.place
        limit 1
    ) as w
    where n.events >= w.needed
    order by n.org_id, n.instance_id, n.step_id, n.event_id, n.place;
end;

comment on function automation_private.choose_matches(uuid[], uuid[], uuid[]) is
    'For each activation the event that decides its wait, if it has come: the first in the order '
    'of events by which a branch has enough of them; of several branches the first.';
