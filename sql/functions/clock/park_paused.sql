create or replace function automation_private.park_paused(p_timers automation_private.due_timer[])
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_left automation_private.due_timer[];
    v_held automation_private.due_timer[];
    v_limits automation_private.due_timer[];
begin
    -- a limit that ran out in a pause which has ended since this transaction took it has time left
    select
        array_agg(p_timers[t.ordinality] order by t.ordinality)
            filter (where not t.is_held and not t.is_limit),
        array_agg(p_timers[t.ordinality] order by t.ordinality) filter (where t.is_held),
        array_agg((
            t.org_id, t.instance_id, t.root_id, t.step_id, t.kind,
            t.resumed_at + (t.due_at - t.paused_at), t.token, t.attempt
        )::automation_private.due_timer) filter (where t.is_limit)
    into v_left, v_held, v_limits
    from (
        select
            u.*, i.paused_at, i.resumed_at,
            i.status = 'paused' and u.kind not in (
                'restarted', 'goal', 'exit_criteria', 'removed', 'org_paused'
            ) as is_held,
            coalesce(
                i.status = 'running' and u.kind in ('timeout', 'deadline')
                and u.due_at >= i.paused_at and u.due_at < i.resumed_at,
                false
            ) as is_limit
        from unnest(p_timers) with ordinality as u
        inner join automation.workflow_instances as i
            on i.org_id = u.org_id and i.instance_id = u.instance_id
    ) as t;
    if v_held is not null then
        perform automation_private.put_timers_back(v_held, true, true);
    end if;
    if v_limits is not null then
        perform automation_private.put_timers_back(v_limits, false);
    end if;
    return coalesce(v_left, '{}');
end;
$$;

comment on function automation_private.park_paused(automation_private.due_timer[]) is
    'Sets the timers of paused instances aside until these are resumed, and returns the others. '
    'What ends an instance does not wait.';
