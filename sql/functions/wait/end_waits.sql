create or replace function automation_private.end_waits(
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
    delete from automation_private.event_waits as w
    using unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
    where w.org_id = u.org_id and w.instance_id = u.instance_id and w.step_id = u.step_id;
    -- one statement: what a dispatch commits meanwhile is seen whole, or left whole for its timer
    with claimed as materialized (
        select t.org_id, t.instance_id, t.step_id, t.attempt
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        inner join automation_private.timers as t
            on t.org_id = u.org_id and t.instance_id = u.instance_id and t.step_id = u.step_id
        where t.kind = 'event'
        for update of t skip locked
    ),

    dropped as (
        delete from automation_private.timers as t
        using claimed as c
        where t.org_id = c.org_id
            and t.instance_id = c.instance_id
            and t.step_id = c.step_id
            and t.kind = 'event'
            and t.attempt = c.attempt
    )

    delete from automation_private.event_matches as m
    using unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
    where m.org_id = u.org_id and m.instance_id = u.instance_id and m.step_id = u.step_id;
    with gone as (
        delete from automation_private.condition_waits as c
        using unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        where c.org_id = u.org_id and c.instance_id = u.instance_id and c.step_id = u.step_id
        returning c.org_id, c.instance_id
    )

    update automation.workflow_instances as i
    set watches = i.watches - g.watches
    from (
        select x.org_id, x.instance_id, count(*) as watches
        from gone as x
        group by x.org_id, x.instance_id
    ) as g
    where i.org_id = g.org_id and i.instance_id = g.instance_id;
end;
$$;

comment on function automation_private.end_waits(uuid[], uuid[], uuid[]) is
    'Removes what activations have waited for, and what has come of it.';
