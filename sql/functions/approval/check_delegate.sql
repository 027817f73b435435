create or replace function automation_private.check_delegate(
    p_approval automation.approvals,
    p_user_id uuid,
    p_to uuid
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem text := case
        when p_to is null then 'nobody is named'
        when p_to = p_user_id then 'nobody delegates to himself'
        when p_to = p_approval.requested_by and not p_approval.allow_self
            then 'the user has asked for the approval'
        when p_to = any ((automation_private.count_votes(p_approval)).p_voters)
            then 'the user is an approver already'
        when not exists (
            select from automation.org_members as m
            where m.org_id = p_approval.org_id
                and m.user_id = p_to
                and 'approve' = any (
                    automation_private.permissions_of(m.org_id, m.role_code)
                )
        )
            then 'the user is no member who may approve'
    end;
begin
    if v_problem is not null then
        raise exception using
            errcode = 'MA001',
            message = 'the approval cannot be delegated to this user',
            detail = v_problem;
    end if;
end;
$$;

comment on function automation_private.check_delegate(automation.approvals, uuid, uuid) is
    'Raises MA001 unless the user may decide in somebody''s place.';
