create or replace function automation_private.end_iterations(
    p_ended automation_private.outcome[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
    v_loops automation_private.outcome[];
begin
    v_loops := array(select e from unnest(p_ended) as e where e.status <> 'completed');
    if cardinality(v_loops) > 0 then
        v_tokens := automation_private.cancel_within(
            array(select e.org_id from unnest(v_loops) as e),
            array(select e.instance_id from unnest(v_loops) as e),
            array(select e.step_id from unnest(v_loops) as e),
            v_loops[1].status = 'failed'
        );
    end if;
    with judged as materialized (
        select e.*, automation_private.turn_result(e) as result
        from unnest(p_ended) as e
    ),

    ended as (
        update automation.workflow_steps as s
        set
            status = case when (j.result).error is null then j.status else 'failed' end,
            live = 0,
            output_data = (j.result).value,
            error = (j.result).error,
            ended_in = case
                when j.status = 'failed' or (j.result).error is not null
                    then pg_current_xact_id()
            end,
            completed_at = v_now,
            execution_time_ms = least(
                extract(epoch from v_now - s.started_at) * 1000, 2147483647
            )
        from judged as j
        where s.org_id = j.org_id
            and s.instance_id = j.instance_id
            and s.step_id = j.step_id
            and s.status = 'running'
        returning s.org_id, s.instance_id, j.root_id, s.scope_id, s.status, s.error
    ),

    turned as (
        select
            e.org_id, e.instance_id, e.root_id, e.scope_id, count(*)::int as turns,
            count(*) filter (where e.status = 'completed')::int as completed,
            count(*) filter (where e.status = 'failed')::int as failed,
            (array_agg(e.error) filter (where e.status = 'failed'))[1] as error
        from ended as e
        group by e.org_id, e.instance_id, e.root_id, e.scope_id
    ),

    counted as (
        update automation_private.loop_states as l
        set
            completed = l.completed + t.completed,
            failed = l.failed + t.failed,
            failure = coalesce(t.error, l.failure)
        from turned as t
        where l.org_id = t.org_id and l.instance_id = t.instance_id and l.step_id = t.scope_id
    ),

    fewer as (
        update automation.workflow_steps as s
        set live = s.live - t.turns
        from turned as t
        where s.org_id = t.org_id and s.instance_id = t.instance_id and s.step_id = t.scope_id
    )

    select array_agg((
        t.org_id, t.instance_id, t.root_id, t.scope_id, null, null, null, null, null
    )::automation_private.outcome)
    into v_loops
    from turned as t;
    if v_loops is null then
        return v_tokens;
    end if;
    return v_tokens || automation_private.turn_loops(
        array(select l.org_id from unnest(v_loops) as l),
        array(select l.instance_id from unnest(v_loops) as l),
        array(select l.root_id from unnest(v_loops) as l),
        array(select l.step_id from unnest(v_loops) as l)
    );
end;
$$;

comment on function automation_private.end_iterations(automation_private.outcome[]) is
    'Ends turns of loops, completed, failed or cancelled: notes what they result in and lets their '
    'loops go on.';
