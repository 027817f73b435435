create or replace function automation_private.resume_timers(
    p_org_id uuid,
    p_instance_ids uuid[],
    p_paused_at timestamptz,
    p_now timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- one that the clock has claimed is passed over: the clock knows when the pause was
    with claimed as materialized (
        select
            t.org_id, t.instance_id, t.step_id, t.kind, t.attempt,
            coalesce(t.overdue_since, t.due_at) as due_at
        from automation_private.timers as t
        where t.org_id = p_org_id
            and t.instance_id = any (p_instance_ids)
            and (t.is_held or t.overdue_since is null)
        for update of t skip locked
    ),

    timed as (
        select
            c.*,
            case
                when c.kind in ('timeout', 'deadline')
                    then greatest(c.due_at + (p_now - p_paused_at), p_now)
                when c.due_at > p_now then c.due_at
                -- all at once, in the order in which they were due
                else p_now - interval '1 microsecond' * row_number() over (order by c.due_at desc)
            end as resumed_at
        from claimed as c
    )

    update automation_private.timers as t
    set due_at = c.resumed_at, overdue_since = null, is_held = false
    from timed as c
    where t.org_id = c.org_id
        and t.instance_id = c.instance_id
        and t.step_id = c.step_id
        and t.kind = c.kind
        and t.attempt = c.attempt;
    update automation.approvals as a
    set due_at = a.due_at + (p_now - p_paused_at)
    where a.org_id = p_org_id
        and a.status = 'open'
        and a.step_id in (
            select s.step_id
            from automation.workflow_steps as s
            where s.org_id = p_org_id
                and s.instance_id = any (p_instance_ids)
                and s.step_type = 'approval'
                and s.status = 'waiting'
        );
end;
$$;

comment on function automation_private.resume_timers(uuid, uuid[], timestamptz, timestamptz) is
    'Lets the timers of instances go on after a pause: what is overdue is due now, in its order; '
    'time limits get the time back that they had left when the pause began.';
