create or replace function automation.decide_by_link(
    p_token text,
    p_decision text,
    p_comment text default null,
    p_content_hash text default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_link automation_private.approval_links;
    v_approval automation.approvals;
begin
    v_link := automation_private.find_link(p_token);
    if coalesce(p_decision not in ('approve', 'reject', 'request_changes'), true) then
        raise exception using
            errcode = 'MA001',
            message = 'a decision is approve, reject or request_changes';
    end if;
    v_approval := automation_private.lock_approval(v_link.org_id, v_link.step_id);
    if v_approval.status <> 'open' then
        return automation_private.describe_vote(v_approval, 'already_decided');
    end if;
    -- again, behind the lock: the same link may have been used at the same moment
    v_link := automation_private.find_link(p_token);
    perform automation_private.require_link(v_link);
    update automation_private.approval_links as l
    set used_at = automation_private.clock()
    where l.org_id = v_link.org_id and l.token_hash = v_link.token_hash;
    return automation_private.cast_vote(
        v_link.org_id, v_link.step_id, v_link.user_id, p_decision, p_comment,
        coalesce(p_content_hash, v_link.content_hash), null, 'link'
    );
end;
$$;

comment on function automation.decide_by_link(text, text, text, text) is
    'Votes with a link, once: p_decision is approve, reject or request_changes, p_content_hash '
    'what the page showed (by default what it was when the link was made). For the confirming '
    'POST of a web backend; the token authorises, whoever calls. The result is that of '
    'approve_step; raises MA307 when the token is unknown, used or expired.';
