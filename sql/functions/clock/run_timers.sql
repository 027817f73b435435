create or replace function automation_private.run_timers(p_timers automation_private.due_timer[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_repeated automation_private.outcome[];
    v_outcomes automation_private.outcome[];
begin
    perform automation_private.finish_instances(array(
        select (
            t.org_id, t.instance_id, t.root_id,
            case t.kind when 'deadline' then 'failed' when 'goal' then 'completed'
                else 'cancelled' end,
            case t.kind when 'deadline' then 'timeout' else t.kind end,
            case
                when t.kind = 'deadline' then automation_private.error_object(
                    'timeout', 'timeout', 'the workflow took too long'
                )
            end,
            false
        )::automation_private.ending
        from unnest(p_timers) as t
        where t.kind in (
            'deadline', 'restarted', 'goal', 'exit_criteria', 'removed', 'org_paused'
        )
    ));
    perform automation_private.withdraw_messages(p_timers);
    v_repeated := automation_private.repeat_actions(p_timers);
    v_outcomes := array(
        select distinct on (t.org_id, t.step_id) (
            t.org_id, t.instance_id, t.root_id, t.step_id,
            case when t.kind = 'delay' then 'completed' else 'failed' end,
            case
                when t.kind = 'delay' then jsonb_build_object(
                    'until', automation_private.format_instant(t.due_at, 'UTC'),
                    'waited_seconds', round(extract(epoch from v_now - s.started_at), 3)
                )
            end,
            case
                when t.kind = 'timeout' then automation_private.error_object(
                    'timeout', 'timeout', 'the step took too long'
                )
            end,
            least(extract(epoch from v_now - s.started_at) * 1000, 2147483647)
        )::automation_private.outcome
        from unnest(p_timers) as t
        inner join automation.workflow_steps as s
            on s.org_id = t.org_id and s.instance_id = t.instance_id and s.step_id = t.step_id
        where t.kind = 'delay' or t.kind = 'timeout' and t.attempt = s.attempt
        order by t.org_id, t.step_id, t.due_at
    );

    perform automation_private.advance(
        automation_private.settle_steps(v_outcomes || v_repeated) || array(
            select (
                t.org_id, t.instance_id, t.root_id, t.step_order, t.scope_id, t.iteration
            )::automation_private.token
            from unnest(p_timers) as t
            where t.kind = 'continue'
        ),
        p_native_calls => 50 - cardinality(v_repeated)
    );
end;
$$;

comment on function automation_private.run_timers(automation_private.due_timer[]) is
    'Does what was waiting for its time: ends delays, repeats actions, times steps and '
    'instances out, continues walks.';
