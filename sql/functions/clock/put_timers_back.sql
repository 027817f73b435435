create or replace function automation_private.put_timers_back(
    p_timers automation_private.due_timer[],
    p_are_overdue boolean,
    p_are_held boolean default false
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(p_timers) = 0 then
        return;
    end if;
    if exists (select from unnest(p_timers) as t where t.kind = 'event') then
        perform automation_private.drop_stale_matches(
            array(select t from unnest(p_timers) as t where t.kind = 'event')
        );
    end if;
    if not p_are_overdue then
        update automation.approvals as a
        set due_at = t.due_at
        from unnest(p_timers) as t
        where t.kind = 'timeout'
            and a.org_id = t.org_id
            and a.step_id = t.step_id
            and a.status = 'open';
    end if;
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, step_order, scope_id,
        iteration_id, from_order, enters_id, attempt, overdue_since, is_held
    )
    select
        t.org_id, t.instance_id, t.step_id, t.kind, t.root_id,
        case when p_are_overdue then 'infinity' else t.due_at end,
        (t.token).step_order, (t.token).scope_id, (t.token).iteration_id, (t.token).from_order,
        (t.token).step_id, t.attempt,
        case when p_are_overdue then t.due_at end, p_are_held
    from unnest(p_timers) as t
    inner join automation.workflow_instances as i
        on i.org_id = t.org_id
            and i.instance_id = t.instance_id
            and i.status in ('running', 'paused');
end;
$$;

comment on function automation_private.put_timers_back(
    automation_private.due_timer[], boolean, boolean
) is
    'Puts claimed timers back, unless their instance has ended: overdue ones, to wait until their '
    'organisation (held ones: their instance) is resumed, or with the time that they say. Their '
    'families are locked.';
