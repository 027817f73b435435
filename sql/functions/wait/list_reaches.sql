create or replace function automation_private.list_reaches(
    p_looking automation_private.event_waits[],
    p_last bigint
)
returns table (org_id uuid, look_from bigint, reach bigint)
language sql
stable
begin atomic
    -- the id of the 5,000th event from there, or the end
    select o.org_id, o.look_from, coalesce(
        (
            select x.event_id
            from automation.automation_events as x
            where x.org_id = o.org_id and x.event_id > o.look_from and x.event_id <= o.look_until
            order by x.event_id
            limit 1 offset 4999
        ), o.look_until
    )
    from (
        select
            w.org_id, min(w.look_from) as look_from,
            max(coalesce(w.look_until, p_last)) as look_until
        from unnest(p_looking) as w
        group by w.org_id
    ) as o;
end;

comment on function automation_private.list_reaches(
    automation_private.event_waits[], bigint
) is
    'For each organisation from where, and how far, its waits look back at once.';
