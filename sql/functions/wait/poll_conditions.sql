create or replace function automation_private.poll_conditions(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_outcomes automation_private.outcome[];
begin
    -- offset 0: by primary key, and each condition is evaluated once
    with judged as materialized (
        select u.*, i.root_id, s.started_at, (d.options ->> 'poll')::float8 as poll, h.holds
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        inner join automation_private.condition_waits as w
            on u.org_id = w.org_id and u.instance_id = w.instance_id and u.step_id = w.step_id
        cross join lateral (
            select x.step_order, x.iteration_id, x.started_at
            from automation.workflow_steps as x
            where x.org_id = u.org_id and x.instance_id = u.instance_id and x.step_id = u.step_id
            offset 0
        ) as s
        cross join lateral (
            select x.root_id, x.definition_id, x.timezone
            from automation.workflow_instances as x
            where x.org_id = u.org_id and x.instance_id = u.instance_id
            offset 0
        ) as i
        cross join lateral (
            select x.condition, x.derived, x.reads, x.options
            from automation.workflow_definition_steps as x
            where x.org_id = u.org_id
                and x.definition_id = i.definition_id
                and x.step_order = s.step_order
            offset 0
        ) as d
        cross join lateral (
            select automation_private.read_context(
                u.org_id, u.instance_id, s.iteration_id, d.reads, v_now
            ) as doc
            offset 0
        ) as c
        cross join lateral (
            select coalesce(jsonb_path_match(
                c.doc, d.condition,
                automation_private.condition_vars(d.derived, c.doc, v_now, i.timezone), true
            ), false) as holds
            offset 0
        ) as h
    ),

    later as (
        insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
        select
            j.org_id, j.instance_id, j.step_id, 'poll', j.root_id,
            v_now + make_interval(secs => j.poll)
        from judged as j
        where not j.holds
        on conflict do nothing
    )

    select array_agg((
        j.org_id, j.instance_id, j.root_id, j.step_id, 'completed',
        jsonb_build_object(
            'event', null, 'matched', true,
            'waited_seconds', round(extract(epoch from v_now - j.started_at), 3)
        ),
        null, least(extract(epoch from v_now - j.started_at) * 1000, 2147483647), null
    )::automation_private.outcome)
    into v_outcomes
    from judged as j
    where j.holds;
    return coalesce(v_outcomes, '{}');
end;
$$;

comment on function automation_private.poll_conditions(uuid[], uuid[], uuid[]) is
    'Waits whose condition holds now. The others look again after a while; what cannot be decided '
    'does not hold yet.';
