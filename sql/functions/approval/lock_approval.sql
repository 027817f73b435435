create or replace function automation_private.lock_approval(p_org_id uuid, p_step_id uuid)
returns automation.approvals
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
    if v_approval.step_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such approval',
            detail = format('step %s', p_step_id);
    end if;
    perform automation_private.lock_roots(array[p_org_id], array[v_approval.root_id]);
    -- whoever had the lock may have decided it
    select a.* into v_approval
    from automation.approvals as a
    where a.org_id = p_org_id and a.step_id = p_step_id;
    return v_approval;
end;
$$;

comment on function automation_private.lock_approval(uuid, uuid) is
    'The approval, with the family of its instance locked; raises MA002 when there is none.';
