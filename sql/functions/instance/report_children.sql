create or replace function automation_private.report_children(
    p_ends automation_private.ending[]
)
returns automation_private.outcome[]
language sql
volatile
begin atomic
    select array(
        select (
            c.org_id, c.parent_instance_id, c.root_id, c.parent_step_id,
            case c.status when 'completed' then 'completed' else 'failed' end,
            case
                when c.status <> 'completed' then null
                when jsonb_typeof(c.execution_results) = 'object' then c.execution_results || r.run
                else jsonb_build_object('output', c.execution_results) || r.run
            end,
            case c.status
                when 'failed' then coalesce(c.error_details, automation_private.error_object(
                    'failed', 'error', 'the sub-workflow has failed'
                )) - '{attempt,permanent,step}'::text[] || r.run || jsonb_build_object(
                    'child_step', c.error_details -> 'step'
                )
                when 'cancelled' then automation_private.error_object(
                    'cancelled', 'refused', 'the sub-workflow was cancelled'
                ) || r.run || jsonb_build_object('reason', c.stop_reason)
            end,
            least(c.execution_time_seconds * 1000, 2147483647), null
        )::automation_private.outcome
        from unnest(p_ends) as e
        cross join lateral (
            select x.*
            from automation.workflow_instances as x
            where x.org_id = e.org_id
                and x.instance_id = e.instance_id
                and x.parent_step_id is not null
            offset 0
        ) as c
        cross join lateral (
            select jsonb_build_object('instance_id', c.instance_id, 'status', c.status) as run
        ) as r
        -- a step that waits for its next attempt no longer asks about the last one
        where c.status in ('completed', 'failed', 'cancelled') and exists (
            select from automation.workflow_steps as s
            where s.org_id = c.org_id
                and s.instance_id = c.parent_instance_id
                and s.step_id = c.parent_step_id
                and s.status = 'running'
                and s.attempt = (c.trigger_data ->> 'attempt')::int
        )
        order by c.instance_id
    );
end;

comment on function automation_private.report_children(automation_private.ending[]) is
    'How the steps went that have waited for sub-workflows that have just ended.';
