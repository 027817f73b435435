create or replace function automation.read_approval_link(p_token text)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_link constant automation_private.approval_links := automation_private.find_link(p_token);
    v_approval automation.approvals;
begin
    select a.* into v_approval
    from automation.approvals as a
    where a.org_id = v_link.org_id and a.step_id = v_link.step_id;
    if v_approval.status <> 'open' then
        return automation_private.describe_vote(v_approval, 'already_decided');
    end if;
    perform automation_private.require_link(v_link);
    perform automation_private.check_vote(v_approval, v_link.user_id, 'approve', null, null);
    return automation_private.describe_vote(v_approval, 'open') || jsonb_build_object(
        'user_id', v_link.user_id,
        'message', v_approval.message,
        'content', v_approval.content,
        'requested_by', v_approval.requested_by,
        'due_at', v_approval.due_at,
        'takes_changes', v_approval.takes_changes,
        'expires_at', v_link.expires_at
    );
end;
$$;

comment on function automation.read_approval_link(text) is
    'What the page behind a link shows: message, content and its hash, for whom. Decides nothing, '
    'however often it is fetched. The token authorises, whoever calls and whatever organisation is '
    'selected; raises MA307 when it is unknown, used or expired.';
