create or replace function automation_private.judge_outcomes(
    p_outcomes automation_private.outcome[]
)
returns automation_private.settled[]
language sql
volatile
begin atomic
    select array(
        select (
            o.org_id, o.instance_id, o.root_id, o.step_id, s.step_order, s.step_key, s.step_type,
            d.runs, s.scope_id, s.iteration_id, r.fate,
            case when e.error is null or r.fate = 'timed_out' then o.output end,
            case
                when e.error is not null and r.fate <> 'timed_out'
                    then e.error || jsonb_build_object('attempt', s.attempt)
            end,
            o.execution_time_ms,
            case when r.fate = 'timed_out' then 'timeout' else o.branch end,
            case r.fate
                when 'completed' then automation_private.choose_way(d, o.branch)
                when 'timed_out' then d.timeout_order
                when 'skipped' then automation_private.skipped_way(d, o.branch)
                when 'gone_on' then d.next_order
                when 'continued' then d.error_order
                else 0
            end,
            automation_private.clock() + r.delay,
            d.saves, d.save_as, d.output_is_read, d.timeout_is_set, d.mutex,
            d.action is not null and d.options ? 'cache', o.ordinality
        )::automation_private.settled
        from unnest(p_outcomes) with ordinality as o
        cross join lateral (
            select x.definition_id, x.context_data
            from automation.workflow_instances as x
            where x.org_id = o.org_id
                and x.instance_id = o.instance_id
                and x.status in ('running', 'paused')
            offset 0
        ) as i
        cross join lateral (
            select
                x.step_key, x.step_order, x.step_type, x.scope_id, x.iteration_id, x.attempt
            from automation.workflow_steps as x
            where x.org_id = o.org_id
                and x.instance_id = o.instance_id
                and x.step_id = o.step_id
                and x.status in ('pending', 'running', 'waiting')
            offset 0
        ) as s
        cross join lateral (
            select x.*
            from automation.workflow_definition_steps as x
            where x.org_id = o.org_id
                and x.definition_id = i.definition_id
                and x.step_order = s.step_order
            offset 0
        ) as d
        cross join lateral (select automation_private.output_fault(o.output) as fault) as f
        cross join lateral (
            select
                case
                    when o.status = 'failed' then o.error
                    when f.fault is not null then f.fault
                    when d.saves <> 'none'
                        and pg_column_size(i.context_data) + pg_column_size(o.output) > 262144
                        then automation_private.error_object(
                            'too_large', 'invalid', 'the context would be larger than 256 KiB'
                        )
                end as error
            offset 0 -- noqa: PRS
        ) as e
        cross join lateral (
            select
                x.delay,
                case
                    when o.status in ('cancelled', 'ended') then o.status
                    when e.error is null then o.status
                    when x.delay is not null then 'retry'
                    when e.error ->> 'code' = 'timeout' and d.timeout_order is not null
                        then 'timed_out'
                    when d.error_order is not null then 'continued'
                    else 'fatal'
                end as fate
            from (
                select
                    case
                        when e.error is not null
                            and d.runs in ('external', 'native', 'loop', 'scope', 'workflow')
                            then automation_private.retry_delay(d.retry, s.attempt, e.error)
                    end as delay
                offset 0 -- noqa: PRS
            ) as x
        ) as r
    );
end;

comment on function automation_private.judge_outcomes(automation_private.outcome[]) is
    'What follows from each outcome, by the step''s retry policy and on_error, without writing '
    'anything.';
