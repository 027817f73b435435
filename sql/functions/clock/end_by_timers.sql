create or replace function automation_private.end_by_timers(
    p_timers automation_private.due_timer[]
)
returns automation_private.token[]
language sql
volatile
return automation_private.finish_instances(array(
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
        -- the time limit ended with the failure
        and not (
            t.kind = 'deadline'
            and automation_private.is_rolling_back(t.org_id, t.instance_id, t.instance_id)
        )
));

comment on function automation_private.end_by_timers(automation_private.due_timer[]) is
    'Ends the instances whose time is over; returns the tokens of parents that go on.';
