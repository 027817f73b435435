create or replace function automation_private.judge_approval(
    p_approval automation.approvals,
    p_level int
)
returns automation_private.outcome
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_asked constant uuid[] := p_approval.awaited;
    v_level constant int := p_approval.level;
    v_last record;
begin
    p_approval := automation_private.climb_levels(p_approval, p_level);
    update automation.approvals as a
    set
        approvers = p_approval.approvers,
        level = p_approval.level,
        awaited = p_approval.awaited,
        approvals = p_approval.approvals
    where a.org_id = p_approval.org_id and a.step_id = p_approval.step_id;
    if p_approval.approvals >= p_approval.required then
        select v.user_id, v.comment into v_last
        from automation.approval_votes as v
        where v.org_id = p_approval.org_id
            and v.step_id = p_approval.step_id
            and v.decision = 'approve'
            and v.revision = p_approval.revision
        order by v.vote_number desc
        limit 1;
        return automation_private.close_approval(
            p_approval, 'approved', v_last.user_id, v_last.comment
        );
    end if;
    p_approval.awaited := array(
        select u.user_id from unnest(p_approval.awaited) as u (user_id)
        where u.user_id <> all (v_asked)
    );
    if p_approval.level > v_level or cardinality(p_approval.awaited) > 0 then
        perform automation_private.announce_approvals(
            array[p_approval],
            case
                when p_approval.level > v_level then 'approval.escalated'
                else 'approval.requested'
            end,
            null
        );
    end if;
    return null;
end;
$$;

comment on function automation_private.judge_approval(automation.approvals, int) is
    'Counts the votes of an open approval anew, escalates it to the level, or further while too '
    'few can still approve, and tells who is asked now. Returns the outcome when enough have '
    'approved, else null.';
