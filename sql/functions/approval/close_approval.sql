create or replace function automation_private.close_approval(
    p_approval automation.approvals,
    p_status text,
    p_by uuid,
    p_comment text
)
returns automation_private.outcome
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := automation_private.clock();
    v_decision constant text := automation_private.decision_of(p_status);
begin
    update automation.approvals as a
    set
        status = p_status, decided_at = v_now, decided_by = p_by, comment = p_comment,
        awaited = '{}'
    where a.org_id = p_approval.org_id and a.step_id = p_approval.step_id
    returning a.* into p_approval;
    perform automation_private.announce_approvals(array[p_approval], 'approval.decided', null);
    return (
        p_approval.org_id, p_approval.instance_id, p_approval.root_id, p_approval.step_id,
        'completed',
        jsonb_build_object(
            'decision', v_decision,
            'by', p_by,
            'comment', p_comment,
            'timed_out', p_by is null,
            'content', p_approval.content,
            'votes', automation_private.list_votes(p_approval)
        ),
        null,
        least(extract(epoch from v_now - p_approval.requested_at) * 1000, 2147483647),
        v_decision
    )::automation_private.outcome;
end;
$$;

comment on function automation_private.close_approval(automation.approvals, text, uuid, text) is
    'Closes an approval as decided, by somebody or by the time, and returns the outcome of its '
    'step. The family is locked and the approval is open.';
