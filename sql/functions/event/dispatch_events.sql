create or replace function automation_private.dispatch_events(p_limit int)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[] := automation_private.lock_feeds(least(p_limit, 100));
    v_batches automation_private.event_batches[];
    v_firings automation_private.firing[];
    v_cuts automation_private.firing[];
    v_fired int := 0;
    v_share int;
    v_began timestamptz := clock_timestamp();
begin
    if cardinality(v_orgs) = 0 then
        return false;
    end if;
    p_limit := automation_private.bound_matching(v_orgs, p_limit);
    -- few events first: those whose firings are too many are matched again by the next call
    foreach v_share in array array[least(100, p_limit), p_limit - 100] loop
        exit when v_share <= 0 or v_fired >= 50
            or clock_timestamp() > v_began + interval '200 ms';
        v_batches := automation_private.claim_batches(v_orgs, v_share);
        exit when cardinality(v_batches) = 0;
        v_firings := automation_private.match_apart(v_batches);
        -- what is started can do its first actions at once, so they happen in the order of events
        v_cuts := automation_private.cut_firings(v_firings, 500 - v_fired, 50 - v_fired);
        if cardinality(v_cuts) > 0 then
            v_firings := array(
                select f
                from unnest(v_firings) as f
                where not exists (
                    select from unnest(v_cuts) as c
                    where f.org_id = c.org_id
                        and (f.batch_id, f.event_id) >= (c.batch_id, c.event_id)
                )
                order by f.org_id, f.batch_id, f.event_id, f.priority desc, f.listener_id
            );
        end if;
        perform automation_private.settle_batches(v_batches, v_cuts);
        perform automation_private.match_waits(v_batches, v_cuts);
        perform automation_private.fire_apart(v_firings);
        v_fired := v_fired + (
            select count(*)::int from unnest(v_firings) as f
            where f.suppressed is null and f.stage is null
        );
        exit when cardinality(v_cuts) > 0;
    end loop;
    return true;
end;
$$;

comment on function automation_private.dispatch_events(int) is
    'Shows at most so many events to what listens to them, starts what they fire and wakes what '
    'waits for them; true when there were any.';
