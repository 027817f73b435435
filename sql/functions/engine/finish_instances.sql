create or replace function automation_private.finish_instances(
    p_ends automation_private.ending[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_cancelled automation_private.ending[] := array(
        select e from unnest(p_ends) as e where not e.all_tokens_ended
    );
    v_ended automation_private.ending[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    if 'failed' = any (array(select e.status from unnest(p_ends) as e)) then
        v_tokens := automation_private.begin_rollbacks(array(
            select (
                e.org_id, e.instance_id, e.root_id, e.instance_id, 'failed', null, e.error, null,
                e.reason
            )::automation_private.outcome
            from unnest(p_ends) as e
            where e.status = 'failed'
        ));
        p_ends := array(
            select e from unnest(p_ends) as e
            where e.instance_id not in (select t.instance_id from unnest(v_tokens) as t)
        );
        v_cancelled := array(select e from unnest(p_ends) as e where not e.all_tokens_ended);
    end if;
    if cardinality(v_cancelled) > 0 then
        perform automation_private.cancel_open_steps(v_cancelled);
    end if;

    with ended as (
        update automation.workflow_instances as i
        set
            status = case when (r.result).error is null then e.status else 'failed' end,
            live = 0,
            ended_in = pg_current_xact_id(),
            steps_completed = c.completed,
            steps_failed = c.failed,
            completed_at = v_now,
            updated_at = v_now,
            execution_time_seconds = extract(epoch from v_now - i.started_at),
            execution_results = (r.result).value,
            stop_reason = coalesce((r.result).error ->> 'code', e.reason),
            error_message = coalesce((r.result).error, e.error) ->> 'message',
            error_details = coalesce((r.result).error, e.error)
        from unnest(p_ends) as e
        cross join lateral (
            select
                x.rule_id is not null as is_rule,
                case
                    when e.status = 'completed'
                        then automation_private.instance_result(x, v_now)
                end as result
            from automation.workflow_instances as x
            where x.org_id = e.org_id
                and x.instance_id = e.instance_id
                and x.status in ('pending', 'running', 'paused')
            offset 0
        ) as r
        cross join lateral automation_private.step_counts(
            e.org_id, e.instance_id, r.is_rule
        ) as c
        where i.org_id = e.org_id and i.instance_id = e.instance_id
        returning i.*, c.*
    ),

    history as (
        insert into automation.automation_executions (
            org_id, execution_id, execution_type, rule_id, rule_version, template_id, instance_id,
            event_id, trigger_source, trigger_data, context_data, status, reason, started_at,
            completed_at, execution_time_ms, steps_executed, actions_executed,
            actions_successful, actions_failed, execution_log, error_message
        )
        select
            e.org_id,
            case e.retries when 0 then e.instance_id else automation_private.uuid_v7() end,
            case when e.rule_id is null then 'workflow' else 'rule' end,
            e.rule_id, e.rule_version, e.template_id, e.instance_id, e.event_id, e.trigger_type,
            e.trigger_data, e.context_data,
            automation_private.execution_status(e.status, e.failed), e.stop_reason, e.started_at,
            e.completed_at, e.execution_time_seconds * 1000, e.completed + e.failed, e.actions,
            e.actions_completed, e.actions_failed, e.log, e.error_message
        from ended as e
    ),

    waited_for as (
        insert into automation_private.ended_runs (
            org_id, instance_id, listener_id, key, failed, slots
        )
        select
            e.org_id, e.instance_id, (e.admission ->> 'listener')::uuid, e.admission ->> 'key',
            e.status <> 'completed', e.admission -> 'slots'
        from ended as e
        where e.admission is not null
    ),

    used as (
        insert into automation_private.usage_changes (
            org_id, template_id, rule_id, started, ended, succeeded, failed, used_at
        )
        select
            e.org_id, e.template_id, e.rule_id, 0,
            count(*) filter (where e.rule_id is null or e.status <> 'cancelled'),
            count(*) filter (where e.status = 'completed' and e.failed = 0),
            count(*) filter (where e.status = 'failed'), v_now
        from ended as e
        where e.template_id is not null or e.rule_id is not null
        group by e.org_id, e.template_id, e.rule_id
    )

    select array_agg((
        e.org_id, e.instance_id, e.root_id, e.status, e.stop_reason, e.error_details,
        e.parent_step_id is null
    )::automation_private.ending)
    into v_ended
    from ended as e;
    perform automation_private.drop_instance_timers(p_ends);
    return v_tokens || automation_private.leave_instances(v_ended);
end;
$$;

comment on function automation_private.finish_instances(automation_private.ending[]) is
    'Ends instances: cancels what is still open, records result, history and use. An instance '
    'that has already ended is left as it is. Returns the tokens of parents that go on.';
