create or replace function automation_private.revise_content(
    p_org_id uuid,
    p_step_id uuid,
    p_user_id uuid,
    p_content jsonb
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_approval automation.approvals := automation_private.lock_approval(p_org_id, p_step_id);
    v_fault constant jsonb := automation_private.content_fault(p_content);
    v_hash constant text := automation_private.hash_content(v_approval.message, p_content);
begin
    if v_approval.status <> 'open' then
        return automation_private.describe_vote(v_approval, 'already_decided');
    end if;
    perform automation_private.check_vote(v_approval, p_user_id, 'revise', null, null);
    if v_fault is not null then
        raise exception using
            errcode = case v_fault ->> 'code' when 'too_large' then 'MA003' else 'MA001' end,
            message = v_fault ->> 'message';
    end if;
    if v_hash = v_approval.content_hash then
        return automation_private.describe_vote(v_approval, 'unchanged');
    end if;
    perform automation_private.record_audit(
        p_org_id, 'replace_content', 'approval', p_step_id,
        jsonb_build_object(
            'content_hash', v_approval.content_hash, 'content', v_approval.content
        )
    );
    -- everybody is asked again, also who has voted
    update automation.approvals as a
    set
        content = p_content, content_hash = v_hash, revision = a.revision + 1, approvals = 0,
        awaited = '{}'
    where a.org_id = p_org_id and a.step_id = p_step_id
    returning a.* into v_approval;
    perform automation_private.record_vote(v_approval, p_user_id, 'revise', null, null, 'api');
    perform automation_private.judge_approval(v_approval, v_approval.level);
    return automation_private.describe_vote(
        automation_private.lock_approval(p_org_id, p_step_id), 'revised'
    );
end;
$$;

comment on function automation_private.revise_content(uuid, uuid, uuid, jsonb) is
    'Puts other content before the approvers: approvals of the earlier one are void.';
