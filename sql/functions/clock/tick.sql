create or replace function automation.tick(p_timers int default 100)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_memoize = off
set jit = off
as $$
declare
    v_pending automation_private.pending_actions[] := automation_private.claim_pending(500);
    v_timers automation_private.due_timer[] := automation_private.claim_timers(
        p_timers, automation_private.clock()
    );
    v_overdue automation_private.due_timer[] := automation_private.claim_overdue(
        p_timers, automation_private.clock()
    );
    v_strays automation_private.pending_actions[];
    v_stray_ids bigint[];
    v_events boolean;
begin
    select s.p_strays, s.p_message_ids into v_strays, v_stray_ids
    from automation_private.claim_strays(1000, automation_private.clock()) as s;
    -- one ascending batch of locks: two would be out of order together
    perform automation_private.lock_roots(array_agg(r.org_id), array_agg(r.root_id))
    from (
        select p.org_id, p.root_id from unnest(v_pending) as p
        union all
        select s.org_id, s.root_id from unnest(v_strays) as s
        union all
        select t.org_id, t.root_id from unnest(v_timers || v_overdue) as t
    ) as r;

    perform automation_private.fill_queue(v_pending);
    perform automation_private.take_strays(v_strays, v_stray_ids);
    perform automation_private.put_timers_back(v_overdue, false);
    perform automation_private.wake_timers(automation_private.park_timers(v_timers));
    v_events := automation_private.release_firings(p_timers);
    v_events := automation_private.dispatch_events(p_timers * 10) or v_events;
    perform automation_private.do_chores();
    return cardinality(v_pending) > 0 or cardinality(v_strays) > 0 or v_events
        or cardinality(v_timers || v_overdue) > 0;
end;
$$;

comment on function automation.tick(int) is
    'One bounded batch of what is due: sends pending actions, wakes timers, shows events to rules, '
    'does chores. True when more may be waiting. Any number of sessions may call it at once.';
