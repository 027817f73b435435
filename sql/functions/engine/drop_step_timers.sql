create or replace function automation_private.drop_step_timers(
    p_settled automation_private.settled[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- one that the clock has claimed is passed over: the clock finds that nothing waits for it
    with claimed as materialized (
        select t.org_id, t.instance_id, t.step_id, t.kind, t.attempt
        from unnest(p_settled) as u
        inner join automation_private.timers as t
            on t.org_id = u.org_id and t.instance_id = u.instance_id and t.step_id = u.step_id
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

comment on function automation_private.drop_step_timers(automation_private.settled[]) is
    'Removes the timeouts of activations that are done, or wait for their next attempt.';
