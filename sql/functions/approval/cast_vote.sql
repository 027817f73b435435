create or replace function automation_private.cast_vote(
    p_org_id uuid,
    p_step_id uuid,
    p_user_id uuid,
    p_decision text,
    p_comment text,
    p_content_hash text default null,
    p_delegate_to uuid default null,
    p_channel text default 'api'
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
    v_outcome automation_private.outcome;
begin
    if v_approval.status <> 'open' then
        return automation_private.describe_vote(v_approval, 'already_decided');
    end if;
    perform automation_private.check_vote(
        v_approval, p_user_id, p_decision, p_comment, p_content_hash
    );
    if automation_private.has_voted_so(v_approval, p_user_id, p_decision, p_delegate_to) then
        return automation_private.describe_vote(v_approval, 'unchanged');
    end if;
    if p_decision = 'delegate' then
        perform automation_private.check_delegate(v_approval, p_user_id, p_delegate_to);
    end if;
    perform automation_private.record_vote(
        v_approval, p_user_id, p_decision, p_comment, p_delegate_to, p_channel
    );
    v_outcome := case p_decision
        when 'reject' then automation_private.close_approval(
            v_approval, 'rejected', p_user_id, p_comment
        )
        when 'request_changes' then automation_private.close_approval(
            v_approval, 'changes_requested', p_user_id, p_comment
        )
        when 'comment' then null
        else automation_private.judge_approval(v_approval, v_approval.level)
    end;
    if v_outcome.step_id is not null then
        perform automation_private.settle_decision(v_outcome);
    end if;
    return automation_private.describe_vote(
        automation_private.lock_approval(p_org_id, p_step_id),
        case when v_outcome.step_id is null then 'recorded' else 'decided' end
    );
end;
$$;

comment on function automation_private.cast_vote(
    uuid, uuid, uuid, text, text, text, uuid, text
) is
    'Lets a user vote on an approval and, when that decides it, moves the workflow on: all in one '
    'transaction, behind the lock of the family. Says whether it was recorded, decided, unchanged '
    'or already_decided.';
