create or replace function automation_private.wake_waits(
    p_timers automation_private.due_timer[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- what came after the end of its time is too late, even where nobody has noticed that end yet
    v_in_time automation_private.due_timer[] := array(
        select t
        from unnest(p_timers) as t
        where t.kind in ('look_back', 'event', 'poll')
            and not exists (
                select from unnest(p_timers) as x
                where x.step_id = t.step_id and x.kind = 'timeout' and x.due_at < t.due_at
            )
    );
    v_woken automation_private.due_timer[] := array(
        select distinct on (t.org_id, t.instance_id, t.step_id) t
        from unnest(v_in_time) as t
        where t.kind in ('look_back', 'event')
        order by t.org_id, t.instance_id, t.step_id, t.kind desc
    );
    v_polled automation_private.due_timer[] := array(
        select t from unnest(v_in_time) as t where t.kind = 'poll'
    );
    v_outcomes automation_private.outcome[] := '{}'::automation_private.outcome[];
begin
    if cardinality(v_polled) > 0 then
        v_outcomes := automation_private.poll_conditions(
            array(select t.org_id from unnest(v_polled) as t),
            array(select t.instance_id from unnest(v_polled) as t),
            array(select t.step_id from unnest(v_polled) as t)
        );
    end if;
    if cardinality(v_woken) > 0 then
        v_woken := automation_private.drop_stale_matches(v_woken);
        v_woken := automation_private.look_back(v_woken);
        v_outcomes := v_outcomes || automation_private.decide_waits(v_woken);
    end if;
    return v_outcomes;
end;
$$;

comment on function automation_private.wake_waits(automation_private.due_timer[]) is
    'Looks at what has come for activations that wait, or at their conditions; returns those whose '
    'wait is over. Their families are locked.';
