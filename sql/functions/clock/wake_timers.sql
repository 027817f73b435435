create or replace function automation_private.wake_timers(p_timers automation_private.due_timer[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_root record;
begin
    if cardinality(p_timers) = 0 then
        return;
    end if;
    begin
        perform automation_private.run_timers(p_timers);
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            raise;
        end if;
    end;

    -- one poisoned instance must not hold its batch back: again, each family on its own
    for v_root in
        select t.org_id, t.root_id, array_agg(t) as timers
        from unnest(p_timers) as t
        group by t.org_id, t.root_id
    loop
        begin
            perform automation_private.run_timers(v_root.timers);
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            perform automation_private.fail_poisoned(
                v_root.org_id, v_root.root_id,
                array(select t.instance_id from unnest(v_root.timers) as t), sqlstate, sqlerrm
            );
        end;
    end loop;
end;
$$;

comment on function automation_private.wake_timers(automation_private.due_timer[]) is
    'Runs claimed timers whose families are locked; a batch that raises is done again family by '
    'family, and what raises alone fails and is recorded.';
