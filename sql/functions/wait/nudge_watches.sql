create or replace function automation_private.nudge_watches(
    p_org_ids uuid[],
    p_instance_ids uuid[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    -- one that the clock has claimed is passed over: it looks when the caller is done
    with watching as materialized (
        select t.org_id, t.instance_id, t.step_id
        from (
            select distinct x.org_id, x.instance_id
            from unnest(p_org_ids, p_instance_ids) as x (org_id, instance_id)
        ) as u
        inner join automation_private.condition_waits as c
            on u.org_id = c.org_id and u.instance_id = c.instance_id
        cross join lateral (
            select x.org_id, x.instance_id, x.step_id
            from automation_private.timers as x
            where x.org_id = c.org_id
                and x.instance_id = c.instance_id
                and x.step_id = c.step_id
                and x.kind = 'poll'
                and x.attempt = 0
                and x.due_at > v_now
                and x.overdue_since is null
            for update skip locked
        ) as t
    )

    update automation_private.timers as t
    set due_at = v_now
    from watching as w
    where t.org_id = w.org_id
        and t.instance_id = w.instance_id
        and t.step_id = w.step_id
        and t.kind = 'poll'
        and t.attempt = 0;
end;
$$;

comment on function automation_private.nudge_watches(uuid[], uuid[]) is
    'Lets the waits of instances look at their conditions with the next tick, because something '
    'has changed. Their families are locked.';
