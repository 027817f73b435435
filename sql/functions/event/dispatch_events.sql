create or replace function automation_private.dispatch_events(p_limit int)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[] := automation_private.lock_feeds(least(p_limit, 200));
    v_batches automation_private.event_batches[];
    v_firings automation_private.firing[];
    v_cut automation_private.firing;
begin
    if cardinality(v_orgs) = 0 then
        return false;
    end if;
    v_batches := automation_private.claim_batches(v_orgs, p_limit);
    v_firings := automation_private.match_apart(v_batches);

    -- what would start too much at once is left, from a whole event on, for the next call
    if cardinality(v_firings) > 500 then
        select f.* into v_cut
        from unnest(v_firings) with ordinality as f
        where (f.org_id, f.batch_id, f.event_id)
            > (v_firings[1].org_id, v_firings[1].batch_id, v_firings[1].event_id)
            and (f.org_id, f.batch_id, f.event_id)
            >= (v_firings[501].org_id, v_firings[501].batch_id, v_firings[501].event_id)
        order by f.ordinality
        limit 1;
        v_firings := array(
            select f from unnest(v_firings) as f
            where v_cut.org_id is null
                or (f.org_id, f.batch_id, f.event_id)
                < (v_cut.org_id, v_cut.batch_id, v_cut.event_id)
        );
    end if;
    perform automation_private.settle_batches(v_batches, v_cut);
    perform automation_private.fire_listeners(v_firings);
    return true;
end;
$$;

comment on function automation_private.dispatch_events(int) is
    'Shows at most so many events to what listens to them and starts what they fire; true when '
    'there were any.';
