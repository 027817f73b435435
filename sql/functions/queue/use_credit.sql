create or replace function automation_private.use_credit(
    p_credit automation_private.credit[],
    p_orgs_sent uuid[]
)
returns automation_private.credit[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.in_flight_changes (org_id, change)
    select s.org_id, s.sent - coalesce(c.amount, 0)
    from (
        select x.org_id, count(*)::int as sent
        from unnest(p_orgs_sent) as x (org_id)
        group by x.org_id
    ) as s
    left join unnest(p_credit) as c on c.org_id = s.org_id
    where s.sent > coalesce(c.amount, 0);

    if cardinality(p_credit) = 0 then
        return p_credit;
    end if;
    return array(
        select (c.org_id, c.amount - s.sent)::automation_private.credit
        from unnest(p_credit) as c
        cross join lateral (
            select count(*)::int as sent
            from unnest(p_orgs_sent) as x (org_id)
            where x.org_id = c.org_id
        ) as s
        where c.amount > s.sent
    );
end;
$$;

comment on function automation_private.use_credit(automation_private.credit[], uuid[]) is
    'The places left after actions were sent; what went beyond them is added to the in-flight sum.';
