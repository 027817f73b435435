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
        select t.*, e.status = 'failed' or e.reason = 'parent_ended' as may_be_retried
        from unnest(p_ends) as e
        inner join automation_private.timers as t
            on t.org_id = e.org_id and t.instance_id = e.instance_id
        where t.kind <> 'event'
        for update of t skip locked
    ),

    kept as (
        insert into automation_private.held_tokens (
            org_id, instance_id, held_id, root_id, reason, step_order, scope_id, iteration_id,
            from_order, enters_id
        )
        select
            c.org_id, c.instance_id, c.step_id, c.root_id, 'failed', c.step_order, c.scope_id,
            c.iteration_id, c.from_order, c.enters_id
        from claimed as c
        where c.may_be_retried and c.kind = 'continue'
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
    'Removes the timers of instances that have ended. Walks cut short stay with those that have '
    'failed: they may be retried. Those that wake waits belong to what they look at: end_waits '
    'removes both.';
