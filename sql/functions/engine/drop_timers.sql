create or replace function automation_private.drop_timers(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[]
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
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        inner join automation_private.timers as t
            on t.org_id = u.org_id and t.instance_id = u.instance_id and t.step_id = u.step_id
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

comment on function automation_private.drop_timers(uuid[], uuid[], uuid[]) is
    'Removes the timers of activations that are done, or wait for their next attempt. Those that '
    'wake waits belong to what they look at: end_waits removes both.';
