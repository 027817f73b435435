create or replace function automation_private.make_link(
    p_approval automation.approvals,
    p_user_id uuid,
    p_expires_in interval
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := automation_private.clock();
    v_token constant text := translate(
        encode(automation_private.make_webhook_secret(), 'base64'), '+/=', '-_'
    );
begin
    if p_expires_in is null or p_expires_in not between '1 minute' and '90 days' then
        raise exception using
            errcode = 'MA001', message = 'a link is good for at least a minute, at most 90 days';
    end if;
    if p_approval.status <> 'open' then
        raise exception using
            errcode = 'MA101',
            message = 'the approval is decided',
            detail = p_approval.status;
    end if;
    perform automation_private.check_vote(p_approval, p_user_id, 'approve', null, null);
    insert into automation_private.approval_links (
        org_id, token_hash, step_id, user_id, content_hash, created_by, created_at, expires_at
    )
    values (
        p_approval.org_id, automation_private.hash_token(v_token), p_approval.step_id, p_user_id,
        p_approval.content_hash, automation.current_user_id(), v_now, v_now + p_expires_in
    );
    perform automation_private.record_audit(
        p_approval.org_id, 'create_approval_link', 'approval', p_approval.step_id,
        jsonb_build_object('for', p_user_id, 'expires_at', v_now + p_expires_in)
    );
    return v_token;
end;
$$;

comment on function automation_private.make_link(automation.approvals, uuid, interval) is
    'A new single-use link for somebody who may vote; the token itself is kept nowhere.';
