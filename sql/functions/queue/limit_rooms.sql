create or replace function automation_private.limit_rooms(p_org_ids uuid[], p_now timestamptz)
returns table (org_id uuid, limit_key text, room int)
language sql
stable
begin atomic
    select r.org_id, r.limit_key, min(r.room)
    from (
        select
            l.org_id, l.limit_key,
            greatest(0, least(
                l.max_in_flight - coalesce(m.in_flight, 0),
                l.max_starts - coalesce(m.untaken, 0) - coalesce(s.starts, 0)
            ))::int as room
        from automation.action_limits as l
        left join (
            select
                x.org_id, x.limit_key, count(*) as in_flight,
                count(*) filter (where x.reads = 0) as untaken
            from automation_private.limited_messages as x
            where x.org_id = any (p_org_ids)
            group by x.org_id, x.limit_key
        ) as m on l.org_id = m.org_id and l.limit_key = m.limit_key
        cross join lateral (
            select sum(x.starts) as starts
            from automation_private.limit_starts as x
            where x.org_id = l.org_id and x.limit_key = l.limit_key and x.until > p_now - l.per
        ) as s
        where l.org_id = any (p_org_ids)
        union all
        select b.org_id, b.limit_key, 0
        from automation_private.action_blocks as b
        where b.org_id = any (p_org_ids) and b.blocked_until > p_now
    ) as r
    group by r.org_id, r.limit_key;
end;

comment on function automation_private.limit_rooms(uuid[], timestamptz) is
    'How many more actions each limit of some organisations admits now; none while it is blocked.';
