create or replace function automation_private.forget_subjects()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    with over as materialized (
        select s.org_id, s.listener_id, s.key, s.running
        from automation_private.firing_subjects as s
        where s.keep_until < v_now and not s.is_removed
        order by s.keep_until
        limit 1000
        for update skip locked
    ),

    at_rest as materialized (
        select o.org_id, o.listener_id, o.key
        from over as o
        where not exists (
            select from automation.workflow_instances as i
            where i.org_id = o.org_id
                and i.instance_id = any (o.running)
                and i.status in ('pending', 'running', 'paused')
        )
    ),

    forgotten as (
        delete from automation_private.firing_subjects as s
        using at_rest as a
        where s.org_id = a.org_id and s.listener_id = a.listener_id and s.key = a.key
    )

    update automation_private.firing_subjects as s
    set keep_until = v_now + interval '24 hours'
    from over as o
    where s.org_id = o.org_id
        and s.listener_id = o.listener_id
        and s.key = o.key
        and not exists (
            select from at_rest as a
            where o.org_id = a.org_id and o.listener_id = a.listener_id and o.key = a.key
        );

    delete from automation_private.limit_counters as c
    where (c.org_id, c.limit_key, c.window_start) in (
        select x.org_id, x.limit_key, x.window_start
        from automation_private.limit_counters as x
        where x.window_end < v_now - interval '48 hours'
        order by x.window_end
        limit 1000
        for update skip locked
    );
end;
$$;

comment on function automation_private.forget_subjects() is
    'Removes what is known of things that no rule fires for any more, and windows of limits that '
    'are over, a thousand at a time.';
