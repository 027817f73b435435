create or replace function automation_private.lock_feeds(p_limit int)
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- somewhere else each time, so that no organisation is always last
    v_from uuid := automation_private.some_waiting_feed();
    v_orgs uuid[];
begin
    if v_from is null then
        return '{}'::uuid[];
    end if;
    v_orgs := automation_private.waiting_feeds(v_from, p_limit);
    if cardinality(v_orgs) < p_limit then
        v_orgs := v_orgs || array(
            select o.org_id
            from unnest(automation_private.waiting_feeds(
                '00000000-0000-0000-0000-000000000000', p_limit - cardinality(v_orgs)
            )) as o (org_id)
            where o.org_id < v_from
        );
    end if;
    return array(
        select f.org_id
        from automation_private.event_feeds as f
        where f.org_id = any (v_orgs)
        for update skip locked
    );
end;
$$;

comment on function automation_private.lock_feeds(int) is
    'Organisations with events to dispatch that no other engine is dispatching, locked. What is '
    'read after this call is what the last one left.';
