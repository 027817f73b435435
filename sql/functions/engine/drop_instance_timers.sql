create or replace function automation_private.drop_instance_timers(
    p_ends automation_private.ending[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- one that the clock has claimed is passed over: the clock finds that the instance has ended
    with claimed as materialized (
        select t.org_id, t.instance_id, t.step_id, t.kind, t.attempt
        from unnest(p_ends) as e
        inner join automation_private.timers as t
            on t.org_id = e.org_id and t.instance_id = e.instance_id
        where t.kind <> 'event'
        for update of t skip locked
    )
    delete from automation_private.timers as t
    using claimed as c
    where t.org_id = c.org_id
        and t.instance_id = c.instance_id
        and t.step_id = c.step_id
        and t.kind = c.kind
        and t.attempt = c.attempt;
end;
$$;

comment on function automation_private.drop_instance_timers(automation_private.ending[]) is
    'Removes the timers of instances that have ended. Those that wake waits belong to what they '
    'look at: end_waits removes both.';
