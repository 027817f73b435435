create or replace function automation_private.lock_due_feeds(p_now timestamptz)
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_seen uuid[] := '{}'::uuid[];
    v_orgs uuid[];
    v_locked uuid[] := '{}'::uuid[];
begin
    -- some turns, so that organisations whose feed is held hide no others
    for v_turn in 1..5 loop
        v_orgs := array(
            select distinct d.org_id
            from (
                (
                    select w.org_id
                    from automation_private.waiting_firings as w
                    where w.due_at <= p_now and w.org_id <> all (v_seen)
                    order by w.due_at
                    limit 1000
                )
                union all
                (
                    select e.org_id
                    from automation_private.ended_runs as e
                    where e.org_id <> all (v_seen)
                    limit 1000
                )
            ) as d
        );
        exit when cardinality(v_orgs) = 0;
        v_locked := v_locked || array(
            select f.org_id
            from automation_private.event_feeds as f
            where f.org_id = any (v_orgs)
            for update skip locked
        );
        exit when cardinality(v_locked) >= 100;
        v_seen := v_seen || v_orgs;
    end loop;
    return v_locked;
end;
$$;

comment on function automation_private.lock_due_feeds(timestamptz) is
    'Organisations with firings whose wait is over, whom no other engine is dispatching to, '
    'locked.';
