create or replace function automation_private.has_voted_so(
    p_approval automation.approvals,
    p_user_id uuid,
    p_decision text,
    p_delegate_to uuid
)
returns boolean
language sql
stable
return coalesce((
    select
        v.decision = p_decision
        and v.delegated_to is not distinct from p_delegate_to -- noqa: PRS
        and (v.decision = 'delegate' or v.revision = p_approval.revision) -- noqa: PRS
    from automation.approval_votes as v
    where v.org_id = p_approval.org_id
        and v.step_id = p_approval.step_id
        and v.user_id = p_user_id
        and v.decision not in ('comment', 'revise')
    order by v.vote_number desc
    limit 1
), false);

comment on function automation_private.has_voted_so(automation.approvals, uuid, text, uuid) is
    'Whether the user''s vote that counts is this one already.';
