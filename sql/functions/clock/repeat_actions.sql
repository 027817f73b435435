create or replace function automation_private.repeat_actions(
    p_timers automation_private.due_timer[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_external automation_private.action_call[];
    v_native automation_private.action_call[];
begin
    select
        array_agg(c.call order by c.step_id) filter (where c.runs = 'external'),
        array_agg(c.call order by c.step_id) filter (where c.runs = 'native')
    into v_external, v_native
    from automation_private.waiting_calls(p_timers) as c;

    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, attempt
    )
    select
        c.org_id, c.instance_id, c.step_id, 'timeout', c.root_id, v_now + c.timeout, c.attempt
    from unnest(v_external) as c
    where c.timeout is not null;

    if v_external is not null then
        perform automation_private.hand_over(v_external);
    end if;
    if v_native is null then
        return '{}'::automation_private.outcome[];
    end if;
    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select c.org_id, c.instance_id, c.step_id, 'retry', c.root_id, v_now
    from unnest(v_native[51:]) as c;
    return automation_private.run_actions(v_native[:50]);
end;
$$;

comment on function automation_private.repeat_actions(automation_private.due_timer[]) is
    'Makes the next attempt of actions whose backoff is over: external ones go to the queue '
    'again, the outcomes of those inside the database are returned, as many as one transaction '
    'may run.';
