create or replace function automation.create_approval_link(
    p_step_id uuid,
    p_user_id uuid,
    p_expires_in interval default '7 days'
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('approve');
    v_approval automation.approvals;
begin
    select a.* into v_approval
    from automation.approvals as a
    where a.org_id = v_org and a.step_id = p_step_id;
    if v_approval.step_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such approval',
            detail = format('step %s', p_step_id);
    end if;
    -- who holds a link votes as its user
    if p_user_id is distinct from automation.current_user_id() then
        perform automation_private.require_permission('admin');
    end if;
    return automation_private.make_link(v_approval, p_user_id, p_expires_in);
end;
$$;

comment on function automation.create_approval_link(uuid, uuid, interval) is
    'A token with which this user votes once on an open approval without logging in, through '
    'read_approval_link and decide_by_link. It is shown here only. Needs approve, and admin for '
    'somebody else.';
