create or replace function automation_private.settle_ended_runs(p_orgs uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run record;
begin
    for v_run in
        delete from automation_private.ended_runs as e
        where (e.org_id, e.instance_id) in (
            select x.org_id, x.instance_id
            from automation_private.ended_runs as x
            where x.org_id = any (p_orgs)
            limit 500
        )
        returning e.*
    loop
        if v_run.failed then
            update automation_private.limit_counters as c
            set used = c.used - 1, hits = array_remove(c.hits, s.hit)
            from jsonb_to_recordset(v_run.slots) as s (
                limit_key text, window_start timestamptz, hit timestamptz
            )
            where c.org_id = v_run.org_id
                and c.limit_key = s.limit_key
                and c.window_start = s.window_start
                and c.used > 0;
        end if;
        perform automation_private.wake_queue(v_run.org_id, v_run.listener_id, v_run.key);
    end loop;
end;
$$;

comment on function automation_private.settle_ended_runs(uuid[]) is
    'Gives limits back what failed runs have used and wakes the firings that wait for a run to '
    'end.';
