create or replace function automation_private.limit_states(p_org_id uuid)
returns table (
    limit_key text,
    max_in_flight int,
    max_starts int,
    per interval,
    in_flight int,
    started int,
    waiting int,
    blocked_until timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        k.limit_key, l.max_in_flight, l.max_starts, l.per, m.in_flight, s.started, w.waiting,
        b.blocked_until
    from (select automation_private.clock() as now) as n
    cross join lateral (
        select x.limit_key from automation.action_limits as x where x.org_id = p_org_id
        union
        select x.limit_key from automation_private.action_blocks as x
        where x.org_id = p_org_id and x.blocked_until > n.now
    ) as k
    left join automation.action_limits as l on l.org_id = p_org_id and l.limit_key = k.limit_key
    cross join lateral (
        select count(*)::int as in_flight
        from automation_private.limited_messages as x
        inner join pgmq.q_automation_actions as q on q.msg_id = x.message_id
        where x.org_id = p_org_id and x.limit_key = k.limit_key
    ) as m
    cross join lateral (
        select coalesce(sum(x.starts), 0)::int as started
        from automation_private.limit_starts as x
        where x.org_id = p_org_id and x.limit_key = k.limit_key and x.until > n.now - l.per
    ) as s
    cross join lateral (
        select count(*)::int as waiting
        from automation_private.pending_actions as p
        where p.org_id = p_org_id and p.action in (
            select y.action
            from automation_private.pending_names(p_org_id) as y
            where k.limit_key = any (automation_private.limit_keys(y.action))
        )
    ) as w
    cross join lateral (
        select max(x.blocked_until) as blocked_until
        from automation_private.action_blocks as x
        where x.org_id = p_org_id and x.limit_key = k.limit_key and x.blocked_until > n.now
    ) as b
    order by k.limit_key;
end;
$$;

comment on function automation_private.limit_states(uuid) is
    'The limits and blocks of an organisation and what they have counted. What was started since '
    'the clock last had something to send is still in flight here.';
