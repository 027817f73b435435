create or replace function automation_private.bound_matching(p_orgs uuid[], p_limit int)
returns int
language sql
stable
return (
    select least(p_limit, greatest(20000 / greatest(max(h.listeners), 1), 10))
    from (
        select count(*)::int as listeners
        from (
            select l.org_id, l.event
            from automation_private.listeners as l
            where l.org_id = any (p_orgs)
            union all
            -- those that look at every event of the name
            select w.org_id, w.event
            from automation_private.event_waits as w
            where w.org_id = any (p_orgs) and w.shape = '[]'
        ) as x
        group by x.org_id, x.event
    ) as h
);

comment on function automation_private.bound_matching(uuid[], int) is
    'How many events may be shown at once, so that no call evaluates more than about 20,000 '
    'conditions or wakes more waits.';
