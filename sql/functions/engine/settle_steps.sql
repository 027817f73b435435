create or replace function automation_private.settle_steps(
    p_outcomes automation_private.outcome[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settled automation_private.settled[] := automation_private.judge_outcomes(p_outcomes);
    v_now timestamptz := automation_private.clock();
    v_over automation_private.ending[];
begin
    update automation.workflow_steps as s
    set
        status = case u.fate
            when 'completed' then 'completed'
            when 'retry' then 'waiting'
            else 'failed'
        end,
        output_data = u.output,
        error = u.error,
        earlier_attempts = case
            when u.fate = 'retry' then coalesce(s.earlier_attempts, '[]') || jsonb_build_object(
                'attempt', s.attempt, 'error', u.error, 'ended_at', v_now
            )
            else s.earlier_attempts
        end,
        attempt = s.attempt + (u.fate = 'retry')::int,
        completed_at = case when u.fate <> 'retry' then v_now end,
        execution_time_ms = u.execution_time_ms,
        message_id = null
    from unnest(v_settled) as u
    where s.org_id = u.org_id and s.instance_id = u.instance_id and s.step_id = u.step_id;

    v_over := automation_private.save_outputs(v_settled);
    if true = any (array(select u.timeout_is_set from unnest(v_settled) as u)) then
        perform automation_private.drop_step_timers(v_settled);
    end if;
    if 'retry' = any (array(select u.fate from unnest(v_settled) as u)) then
        insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
        select u.org_id, u.instance_id, u.step_id, 'retry', u.root_id, u.retry_at
        from unnest(v_settled) as u
        where u.fate = 'retry';
    end if;
    if 'fatal' = any (array(select u.fate from unnest(v_settled) as u)) then
        perform automation_private.finish_instances(array(
            select distinct on (u.org_id, u.instance_id) (
                u.org_id, u.instance_id, u.root_id, 'failed', u.error ->> 'code',
                u.error || jsonb_build_object('step', u.step_key), false
            )::automation_private.ending
            from unnest(v_settled) as u
            where u.fate = 'fatal'
            order by u.org_id, u.instance_id, u.position
        ));
    end if;
    if v_over is not null then
        perform automation_private.finish_instances(v_over);
    end if;
    return array(
        select (
            u.org_id, u.instance_id, u.root_id, u.next_order, u.scope_id, u.iteration
        )::automation_private.token
        from unnest(v_settled) as u
        where u.fate in ('completed', 'continued')
    );
end;
$$;

comment on function automation_private.settle_steps(automation_private.outcome[]) is
    'Records how open activations went and what follows: the next attempt, the successor''s '
    'token, or the end of the instance. Outcomes of activations that are no longer open change '
    'nothing.';
