create or replace function automation_private.climb_levels(
    p_approval automation.approvals,
    p_level int
)
returns automation.approvals
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_highest constant int := jsonb_array_length(p_approval.escalations);
begin
    loop
        select c.p_awaited, c.p_approvals into p_approval.awaited, p_approval.approvals
        from automation_private.count_votes(p_approval) as c;
        exit when p_approval.level >= v_highest
            or p_approval.level >= p_level
            and p_approval.approvals + cardinality(p_approval.awaited) >= p_approval.required;
        p_approval.approvers := (
            select jsonb_agg(distinct a.value)
            from jsonb_array_elements(
                p_approval.approvers || (p_approval.escalations -> p_approval.level)
            ) as a
        );
        p_approval.level := p_approval.level + 1;
    end loop;
    return p_approval;
end;
$$;

comment on function automation_private.climb_levels(automation.approvals, int) is
    'The approval counted anew, escalated to the level and, while fewer than required can still '
    'approve, beyond it.';
