create or replace function automation_private.claim_overdue(p_limit int, p_now timestamptz)
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pauses automation.org_pauses[] := automation_private.lock_ended_pauses();
    v_timers automation_private.due_timer[];
begin
    if cardinality(v_pauses) = 0 then
        return '{}'::automation_private.due_timer[];
    end if;
    with claimed as materialized (
        select t.*, p.paused_at, p.resumed_at, p.grace
        from unnest(v_pauses) as p
        cross join lateral (
            select x.*
            from automation_private.timers as x
            where x.org_id = p.org_id and x.overdue_since is not null and not x.is_held
            order by x.overdue_since
            limit least(
                p_limit / cardinality(v_pauses) + 1, automation_private.releasable(p, p_now)
            )
            for update skip locked
        ) as t
    ),

    removed as (
        delete from automation_private.timers as t
        using claimed as c
        where t.org_id = c.org_id
            and t.instance_id = c.instance_id
            and t.step_id = c.step_id
            and t.kind = c.kind
            and t.attempt = c.attempt
    ),

    counted as (
        update automation.org_pauses as p
        set released = p.released + c.timers
        from (
            select x.org_id, x.paused_at, count(*) as timers
            from claimed as x
            group by x.org_id, x.paused_at
        ) as c
        where p.org_id = c.org_id and p.paused_at = c.paused_at
    )

    select array_agg((
        c.org_id, c.instance_id, c.root_id, c.step_id,
        case
            when c.kind in ('delay', 'retry', 'continue')
                and c.overdue_since < c.resumed_at - c.grace then 'org_paused'
            else c.kind
        end,
        case
            when c.kind in ('timeout', 'deadline')
                then p_now + greatest(c.overdue_since - c.paused_at, '0')
            else p_now
        end,
        (
            c.org_id, c.instance_id, c.root_id, c.step_order, c.scope_id, c.iteration_id,
            c.from_order, c.enters_id
        )::automation_private.token,
        c.attempt
    )::automation_private.due_timer order by c.overdue_since)
    into v_timers
    from claimed as c;
    return coalesce(v_timers, '{}');
end;
$$;

comment on function automation_private.claim_overdue(int, timestamptz) is
    'Takes timers that became due while their organisation was paused and may go on now, with '
    'their new times: what has to be done is due at once or, when it is too late for it, ends its '
    'instance; time limits get the time back that they had left when the pause began.';
