create or replace function automation_private.waiting_feeds(p_from uuid, p_limit int)
returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[];
begin
    -- the recursion hops from organisation to organisation, so that a long backlog is never scanned
    with recursive waiting (org_id, hops) as (
        (
            select b.org_id, 1
            from automation_private.event_batches as b
            where b.org_id >= p_from
            order by b.org_id
            limit 1
        )
        union all
        select
            (
                select b.org_id
                from automation_private.event_batches as b
                where b.org_id > w.org_id
                order by b.org_id
                limit 1
            ),
            w.hops + 1
        from waiting as w
        where w.org_id is not null and w.hops < p_limit
    )

    select array_agg(w.org_id) into v_orgs from waiting as w where w.org_id is not null;
    return coalesce(v_orgs, '{}');
end;
$$;

comment on function automation_private.waiting_feeds(uuid, int) is
    'The next organisations with events to dispatch, in the order of their ids.';
