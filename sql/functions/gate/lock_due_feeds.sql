create or replace function automation_private.lock_due_feeds(p_now timestamptz)
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[] := array(
        select distinct d.org_id
        from (
            (
                select w.org_id
                from automation_private.waiting_firings as w
                where w.due_at <= p_now
                order by w.due_at
                limit 100
            )
            union all
            (select e.org_id from automation_private.ended_runs as e limit 100)
        ) as d
    );
begin
    if cardinality(v_orgs) = 0 then
        return v_orgs;
    end if;
    return array(
        select f.org_id
        from automation_private.event_feeds as f
        where f.org_id = any (v_orgs)
        for update skip locked
    );
end;
$$;

comment on function automation_private.lock_due_feeds(timestamptz) is
    'Organisations with firings whose wait is over, whom no other engine is dispatching to, '
    'locked.';
