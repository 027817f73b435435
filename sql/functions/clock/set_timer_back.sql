create or replace function automation.set_timer_back(p_by interval default '1 minute')
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    with longest_due as materialized (
        select t.org_id, t.instance_id, t.step_id, t.kind, t.attempt
        from automation_private.timers as t
        where t.due_at <= automation_private.clock()
        order by t.due_at
        limit 1
        for update skip locked
    )

    update automation_private.timers as t
    set due_at = automation_private.clock() + p_by
    from longest_due as l
    where t.org_id = l.org_id
        and t.instance_id = l.instance_id
        and t.step_id = l.step_id
        and t.kind = l.kind
        and t.attempt = l.attempt;
    return found;
end;
$$;

comment on function automation.set_timer_back(interval) is
    'Sets the longest due timer back: what run_engine does with one that makes a tick '
    'raise even alone, so that the clock goes on for everybody else.';
