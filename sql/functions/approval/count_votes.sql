create or replace function automation_private.count_votes(
    p_approval automation.approvals,
    out p_voters uuid[],
    out p_awaited uuid[],
    out p_approvals int
)
language sql
stable
begin atomic
    with recursive voting_role as (
        select r.role_code
        from (
            select distinct m.role_code
            from automation.org_members as m
            where m.org_id = p_approval.org_id
        ) as r
        where 'approve' = any (
            automation_private.permissions_of(p_approval.org_id, r.role_code)
        )
    ),

    member as (
        select m.user_id, m.role_code
        from automation.org_members as m
        where m.org_id = p_approval.org_id
            and m.role_code in (select r.role_code from voting_role as r)
            and (p_approval.allow_self or m.user_id is distinct from p_approval.requested_by)
    ),

    latest as (
        select distinct on (v.user_id) v.user_id, v.decision, v.delegated_to, v.revision
        from automation.approval_votes as v
        where v.org_id = p_approval.org_id
            and v.step_id = p_approval.step_id
            and v.decision not in ('comment', 'revise')
        order by v.user_id, v.vote_number desc -- noqa: AM03
    ),

    -- from who is asked to who decides instead, as far as they all may
    voice as (
        select m.user_id, array[m.user_id] as path
        from member as m
        where p_approval.approvers @> jsonb_build_array(jsonb_build_object('user', m.user_id))
            or p_approval.approvers @> jsonb_build_array(jsonb_build_object('role', m.role_code))
        union all
        select m.user_id, v.path || m.user_id
        from voice as v
        inner join latest as l on v.user_id = l.user_id and l.decision = 'delegate'
        inner join member as m on l.delegated_to = m.user_id
        where m.user_id <> all (v.path)
    ),

    decider as (
        select distinct v.user_id
        from voice as v
        where not exists (
            select from voice as w where cardinality(w.path) > cardinality(v.path)
                and w.path[:cardinality(v.path)] = v.path -- noqa: PRS
        )
    )

    select
        array(select distinct v.user_id from voice as v order by v.user_id),
        coalesce(
            array_agg(d.user_id order by d.user_id) filter (where not a.has_approved), '{}'
        ),
        count(*) filter (where a.has_approved)
    from decider as d
    left join latest as l on d.user_id = l.user_id
    cross join lateral (
        select coalesce(
            l.decision = 'approve' and l.revision = p_approval.revision, false
        ) as has_approved
    ) as a;
end;

comment on function automation_private.count_votes(automation.approvals) is
    'Who may vote now (members with the permission who are named, have a role that is, or to whom '
    'one of these has delegated), whose approval is still awaited, and how many have approved '
    'what it is about now.';
