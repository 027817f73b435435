create or replace function automation_private.judge_timers(
    p_timers automation_private.due_timer[]
)
returns automation_private.outcome[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    return array(
        select x.outcome
        from (
            select distinct on (t.org_id, t.step_id) t.due_at, (
                t.org_id, t.instance_id, t.root_id, t.step_id,
                case when t.kind = 'delay' then 'completed' else 'failed' end,
                case
                    when t.kind = 'delay' then jsonb_build_object(
                        'until', automation_private.format_instant(t.due_at, 'UTC'),
                        'waited_seconds', round(extract(epoch from v_now - s.started_at), 3)
                    )
                    when s.step_type = 'wait' then automation_private.miss_output(
                        t.org_id, t.instance_id, t.step_id, s.started_at, v_now
                    )
                end,
                case
                    when t.kind = 'timeout' then automation_private.error_object(
                        'timeout', 'timeout', 'the step took too long'
                    )
                end,
                least(extract(epoch from v_now - s.started_at) * 1000, 2147483647), null
            )::automation_private.outcome as outcome
            from unnest(p_timers) as t
            inner join automation.workflow_steps as s
                on s.org_id = t.org_id and s.instance_id = t.instance_id and s.step_id = t.step_id
            where t.kind = 'delay'
                or t.kind = 'timeout' and t.attempt = s.attempt and s.step_type <> 'approval'
            order by t.org_id, t.step_id, t.due_at
        ) as x
        order by x.due_at, (x.outcome).step_id
    );
end;
$$;

comment on function automation_private.judge_timers(automation_private.due_timer[]) is
    'The outcomes of steps whose delay is over or whose time has run out.';
