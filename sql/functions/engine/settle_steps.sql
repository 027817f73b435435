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
    v_fates text[];
    v_tokens automation_private.token[];
begin
    if cardinality(v_settled) = 0 then
        return '{}'::automation_private.token[];
    end if;
    update automation.workflow_steps as s
    set
        status = automation_private.settled_status(u.fate),
        output_data = case u.fate when 'ended' then s.output_data else u.output end,
        error = u.error,
        earlier_attempts = case
            when u.fate = 'retry' then coalesce(s.earlier_attempts, '[]') || jsonb_build_object(
                'attempt', s.attempt, 'error', u.error, 'ended_at', v_now
            )
            else s.earlier_attempts
        end,
        attempt = s.attempt + (u.fate = 'retry')::int,
        live = case when u.fate <> 'retry' then s.live end,
        branch_taken = coalesce(u.branch, s.branch_taken),
        completed_at = case when u.fate not in ('retry', 'gone_on') then v_now end,
        execution_time_ms = u.execution_time_ms,
        ended_in = case when u.fate = 'fatal' then pg_current_xact_id() end,
        message_id = null
    from unnest(v_settled) as u
    where s.org_id = u.org_id
        and s.instance_id = u.instance_id
        and s.step_id = u.step_id;
    v_fates := array(select distinct u.fate from unnest(v_settled) as u);
    v_over := automation_private.save_outputs(v_settled);
    v_tokens := automation_private.leave_steps(v_settled);
    if true = any (array(select u.is_kept from unnest(v_settled) as u)) then
        perform automation_private.keep_results(v_settled, v_now);
    end if;
    if 'retry' = any (v_fates) then
        insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
        select u.org_id, u.instance_id, u.step_id, 'retry', u.root_id, u.retry_at
        from unnest(v_settled) as u
        where u.fate = 'retry';
    end if;
    if v_fates && array['completed', 'timed_out', 'skipped', 'continued', 'gone_on', 'cancelled',
        'ended']
    then
        v_tokens := v_tokens || array(
            select (
                u.org_id, u.instance_id, u.root_id, u.next_order, u.scope_id, u.iteration_id,
                u.step_order, null
            )::automation_private.token
            from unnest(v_settled) as u
            where u.fate not in ('retry', 'fatal')
        );
    end if;
    if v_fates && array['fatal'] then
        v_tokens := v_tokens || automation_private.fail_boundaries(array(
            select u from unnest(v_settled) as u where u.fate = 'fatal' order by u.position
        ));
    end if;
    if v_over is not null then
        v_tokens := v_tokens || automation_private.finish_instances(v_over);
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.settle_steps(automation_private.outcome[]) is
    'Records how open activations went and what follows: the next attempt, the successor''s '
    'token, the failure of the turn, scope or instance around it. Outcomes of activations that '
    'are no longer open change nothing.';
