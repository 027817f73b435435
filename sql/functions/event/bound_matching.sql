create or replace function automation_private.bound_matching(p_orgs uuid[], p_limit int)
returns int
language sql
stable
return (
    select least(p_limit, greatest(20000 / greatest(max(h.listeners), 1), 10))
    from (
        select count(*)::int as listeners
        from automation_private.listeners as l
        where l.org_id = any (p_orgs)
        group by l.org_id, l.event
    ) as h
);

comment on function automation_private.bound_matching(uuid[], int) is
    'How many events may be shown at once, so that no call evaluates more than about 20,000 '
    'conditions.';
