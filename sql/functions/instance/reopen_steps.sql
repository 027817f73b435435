create or replace function automation_private.reopen_steps(
    p_steps automation.workflow_steps[],
    p_ways text[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_steps as s
    set
        status = case p_ways[o.ordinality] when 'enter' then 'waiting' else 'running' end,
        attempt = s.attempt + (p_ways[o.ordinality] = 'enter')::int,
        earlier_attempts = case
            when s.error is null and p_ways[o.ordinality] <> 'enter' then s.earlier_attempts
            else coalesce(s.earlier_attempts, '[]') || jsonb_build_object(
                'attempt', s.attempt, 'ended_at', s.completed_at, 'error', coalesce(
                    s.error, automation_private.error_object(
                        'interrupted', 'error', 'the instance failed while the step was open'
                    )
                )
            )
        end,
        error = null,
        output_data = null,
        completed_at = null,
        execution_time_ms = null,
        ended_in = null
    from unnest(p_steps) with ordinality as o
    where s.org_id = o.org_id and s.instance_id = o.instance_id and s.step_id = o.step_id;
    update automation_private.loop_states as l
    set failed = l.failed - f.turns, failure = null
    from (
        select o.org_id, o.instance_id, o.scope_id, count(*) as turns
        from unnest(p_steps) as o
        where o.step_type = 'iteration' and o.status = 'failed'
        group by o.org_id, o.instance_id, o.scope_id
    ) as f
    where l.org_id = f.org_id and l.instance_id = f.instance_id and l.step_id = f.scope_id;
    update automation.workflow_steps as s
    set
        live = automation_private.count_tokens(s.org_id, s.instance_id, s.step_id)
        + (p_ways[o.ordinality] = 'close')::int
    from unnest(p_steps) with ordinality as o
    where p_ways[o.ordinality] in ('open', 'close', 'turn')
        and s.org_id = o.org_id
        and s.instance_id = o.instance_id
        and s.step_id = o.step_id;
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, attempt
    )
    select
        o.org_id, o.instance_id, o.step_id, 'timeout', i.root_id,
        automation_private.clock() + o.timeout_after, o.attempt
    from unnest(p_steps) with ordinality as o
    inner join automation.workflow_instances as i
        on i.org_id = o.org_id and i.instance_id = o.instance_id
    where p_ways[o.ordinality] <> 'enter' and o.timeout_after is not null;
end;

comment on function automation_private.reopen_steps(automation.workflow_steps[], text[]) is
    'Opens activations again, each in its way; scopes count their tokens anew, time limits begin '
    'anew.';
