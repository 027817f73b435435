create or replace function automation_private.remind_approvals(
    p_timers automation_private.due_timer[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_due record;
    v_approval automation.approvals;
    v_outcome automation_private.outcome;
    v_outcomes automation_private.outcome[] := '{}'::automation_private.outcome[];
begin
    -- after a pause several reminders of an approval may be due: one is enough
    for v_due in
        select
            t.org_id, t.step_id,
            max(t.attempt) filter (where t.kind = 'remind' and t.attempt > 0) as reminder,
            max(t.attempt) filter (where t.kind = 'escalate') as level,
            coalesce(bool_or(t.kind = 'timeout' and t.attempt = s.attempt), false) as is_over
        from unnest(p_timers) as t
        inner join automation.workflow_steps as s
            on t.org_id = s.org_id and t.instance_id = s.instance_id and t.step_id = s.step_id
        where s.status = 'waiting'
        group by t.org_id, t.step_id
        order by t.org_id, t.step_id
    loop
        select a.* into v_approval
        from automation.approvals as a
        where a.org_id = v_due.org_id and a.step_id = v_due.step_id and a.status = 'open';
        continue when v_approval.step_id is null;
        v_outcome := automation_private.judge_approval(
            v_approval, greatest(v_approval.level, v_due.level)
        );
        if v_outcome.step_id is null and v_due.is_over then
            v_outcome := automation_private.time_out_approval(v_due.org_id, v_due.step_id);
        end if;
        if v_outcome.step_id is not null then
            v_outcomes := v_outcomes || v_outcome;
        elsif v_due.reminder is not null then
            select a.* into v_approval
            from automation.approvals as a
            where a.org_id = v_due.org_id and a.step_id = v_due.step_id;
            perform automation_private.announce_approvals(
                array[v_approval], 'approval.reminder', v_due.reminder
            );
        end if;
    end loop;
    return v_outcomes;
end;
$$;

comment on function automation_private.remind_approvals(automation_private.due_timer[]) is
    'Does what was due for open approvals: counts anew, escalates, reminds who is awaited, ends '
    'those whose time is up. Returns how steps went that are decided now.';
