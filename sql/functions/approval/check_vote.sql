create or replace function automation_private.check_vote(
    p_approval automation.approvals,
    p_user_id uuid,
    p_decision text,
    p_comment text,
    p_content_hash text
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_user_id is null then
        raise exception using
            errcode = 'MA305',
            message = 'no user is named, and only people decide',
            hint = 'set app.current_user_id to the user who does';
    end if;
    if length(p_comment) > 1000 then
        raise exception using
            errcode = 'MA003', message = 'a comment has at most 1000 characters';
    end if;
    if p_decision in ('comment', 'revise') then
        return;
    end if;
    if not p_user_id = any ((automation_private.count_votes(p_approval)).p_voters) then
        raise exception using
            errcode = 'MA306',
            message = 'the user may not decide on this approval',
            detail = case
                when p_user_id = p_approval.requested_by and not p_approval.allow_self
                    then 'nobody approves what he has asked for himself'
                else 'the user is none of the approvers, or no longer'
            end,
            hint = 'v_pending_approvals says who is awaited';
    end if;
    if p_content_hash <> p_approval.content_hash then
        raise exception using
            errcode = 'MA104',
            message = 'the content has changed since it was read',
            detail = format('it is %s now', p_approval.content_hash),
            hint = 'read it again';
    end if;
    if p_decision = 'request_changes' and not p_approval.takes_changes then
        raise exception using
            errcode = 'MA101',
            message = 'the step says nothing about changes',
            hint = 'reject it, or give the step "changes_next"';
    end if;
end;
$$;

comment on function automation_private.check_vote(
    automation.approvals, uuid, text, text, text
) is
    'Raises why a user cannot vote so on an open approval.';
