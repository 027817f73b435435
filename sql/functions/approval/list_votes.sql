create or replace function automation_private.list_votes(p_approval automation.approvals)
returns jsonb
language sql
stable
return (
    select coalesce(
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'user', v.user_id,
                'decision', v.decision,
                'comment', left(v.comment, 200),
                'delegated_to', v.delegated_to,
                'content_hash', v.content_hash,
                'channel', v.channel,
                'at', automation_private.format_instant(v.voted_at, 'UTC')
            )) order by v.vote_number
        ), '[]'
    )
    from automation.approval_votes as v
    where v.org_id = p_approval.org_id
        and v.step_id = p_approval.step_id
        and v.vote_number > (
            select max(x.vote_number) - 20
            from automation.approval_votes as x
            where x.org_id = p_approval.org_id and x.step_id = p_approval.step_id
        )
);

comment on function automation_private.list_votes(automation.approvals) is
    'The last twenty votes as a step''s output shows them; all are in approval_votes.';
