create or replace function automation_private.approval_fault(
    p_approval automation.approvals,
    p_options jsonb
)
returns jsonb
language sql
stable
return case
    when p_approval.approvers is null or p_approval.escalations @> '[null]'
        then automation_private.error_object(
            'no_approver', 'invalid', 'the approvers are no list of users and roles'
        )
    when automation_private.content_fault(p_approval.content) is not null
        then automation_private.content_fault(p_approval.content)
    when p_approval.awaited = '{}' and not p_options ? 'is_rehearsed'
        then automation_private.error_object(
            'no_approver', 'invalid', 'none of the approvers is a member who may approve'
        )
end;

comment on function automation_private.approval_fault(automation.approvals, jsonb) is
    'Why an approval cannot be asked for; null when it can. A rehearsal needs nobody.';
