create or replace function automation_private.record_endings(
    p_ends automation_private.ending[]
)
returns automation_private.ending[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_ended automation_private.ending[];
begin
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
    perform automation_private.tell_listeners(v_ended);
    return v_ended;
end;
$$;

comment on function automation_private.record_endings(automation_private.ending[]) is
    'Writes down that instances have ended: result, history, use and who waits for it; returns '
    'those that had not ended before (all_tokens_ended: nobody waits for it as a parent).';
