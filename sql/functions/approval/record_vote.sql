create or replace function automation_private.record_vote(
    p_approval automation.approvals,
    p_user_id uuid,
    p_decision text,
    p_comment text,
    p_delegate_to uuid,
    p_channel text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation.approval_votes (
        org_id, step_id, vote_number, user_id, decision, comment, delegated_to, revision,
        content_hash, channel, voted_at
    )
    select
        p_approval.org_id, p_approval.step_id, coalesce(max(v.vote_number), 0) + 1, p_user_id,
        p_decision, p_comment, p_delegate_to, p_approval.revision, p_approval.content_hash,
        p_channel, automation_private.clock()
    from automation.approval_votes as v
    where v.org_id = p_approval.org_id and v.step_id = p_approval.step_id;
    perform automation_private.record_audit(
        p_approval.org_id, p_decision || '_approval', 'approval', p_approval.step_id,
        jsonb_strip_nulls(jsonb_build_object(
            'by', p_user_id, 'to', p_delegate_to, 'comment', p_comment,
            'content_hash', p_approval.content_hash, 'channel', p_channel,
            'instance_id', p_approval.instance_id
        ))
    );
end;
$$;

comment on function automation_private.record_vote(
    automation.approvals, uuid, text, text, uuid, text
) is
    'Appends what a user did to an approval to its votes and to the audit.';
