create or replace function automation_private.time_out_approval(p_org_id uuid, p_step_id uuid)
returns automation_private.outcome
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_approval automation.approvals;
begin
    select a.* into v_approval
    from automation.approvals as a
    where a.org_id = p_org_id and a.step_id = p_step_id;
    if v_approval.on_timeout = 'escalate'
        and v_approval.level < jsonb_array_length(v_approval.escalations)
    then
        with extended as (
            insert into automation_private.timers (
                org_id, instance_id, step_id, kind, root_id, due_at, attempt
            )
            select
                s.org_id, s.instance_id, s.step_id, 'timeout', v_approval.root_id,
                automation_private.clock() + s.timeout_after, s.attempt
            from automation.workflow_steps as s
            where s.org_id = p_org_id
                and s.instance_id = v_approval.instance_id
                and s.step_id = p_step_id
            returning due_at
        )

        update automation.approvals as a
        set due_at = e.due_at
        from extended as e
        where a.org_id = p_org_id and a.step_id = p_step_id
        returning a.* into v_approval;
        return automation_private.judge_approval(v_approval, v_approval.level + 1);
    end if;
    return automation_private.close_approval(
        v_approval,
        case v_approval.on_timeout
            when 'approve' then 'approved'
            when 'next' then 'timed_out'
            else 'rejected'
        end,
        null, null
    );
end;
$$;

comment on function automation_private.time_out_approval(uuid, uuid) is
    'Ends an open approval whose time is up, or gives the next level as much time again; returns '
    'the outcome of its step, if any.';
