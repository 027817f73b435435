create or replace function automation_private.release_firings(p_limit int)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_orgs uuid[] := automation_private.lock_due_feeds(v_now);
    v_due automation_private.waiting_firings[];
begin
    if cardinality(v_orgs) = 0 then
        return false;
    end if;
    perform automation_private.settle_ended_runs(v_orgs);
    with due as materialized (
        select x.org_id, x.firing_id
        from unnest(v_orgs) as o (org_id)
        cross join lateral (
            select w.org_id, w.firing_id
            from automation_private.waiting_firings as w
            where w.due_at <= v_now and w.org_id = o.org_id
            order by w.due_at, w.priority desc, w.since, w.events
            limit p_limit / cardinality(v_orgs) + 1
        ) as x
    ),

    taken as (
        delete from automation_private.waiting_firings as w
        using due as d
        where w.org_id = d.org_id and w.firing_id = d.firing_id
        returning w as firing
    )

    select array_agg(t.firing order by
        (t.firing).due_at, (t.firing).priority desc, (t.firing).since, (t.firing).events)
    into v_due
    from taken as t;
    perform automation_private.fire_apart(automation_private.judge_waiting(v_due));
    perform automation_private.wake_queue(q.org_id, q.listener_id, q.key)
    from (
        select distinct w.org_id, w.listener_id, w.key
        from unnest(v_due) as w
        where w.stage = 'queued'
    ) as q;
    return true;
end;
$$;

comment on function automation_private.release_firings(int) is
    'Lets firings go on whose time has come or whose predecessor has ended; true when there were '
    'any.';
