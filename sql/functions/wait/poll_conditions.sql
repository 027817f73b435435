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
    -- offset 0: each condition is evaluated once
    with judged as materialized (
        select
            w.org_id, w.instance_id, w.step_id, w.root_id, w.started_at,
            (w.options ->> 'poll')::float8 as poll, h.holds
        from automation_private.read_waits(
            p_org_ids, p_instance_ids, p_step_ids, v_now
        ) as w
        inner join automation_private.condition_waits as c
            on w.org_id = c.org_id and w.instance_id = c.instance_id and w.step_id = c.step_id
        cross join lateral (
            select coalesce(jsonb_path_match(
                w.context, w.condition,
                automation_private.condition_vars(w.derived, w.context, v_now, w.timezone), true
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
