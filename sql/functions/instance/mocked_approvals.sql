create or replace function automation_private.mocked_approvals(
    p_org_id uuid,
    p_instance_id uuid,
    p_mocks jsonb
)
returns automation_private.outcome[]
language sql
stable
return array(
    select (
        a.org_id, a.instance_id, a.root_id, a.step_id,
        case when e.error is null then 'completed' else 'failed' end,
        case
            when e.error is null then jsonb_build_object(
                'decision', m.decision, 'by', m.mock -> 'by', 'comment', m.mock -> 'comment',
                'timed_out', m.is_over, 'content', a.content, 'votes', jsonb_build_array()
            )
        end,
        e.error, 0, m.decision
    )::automation_private.outcome
    from automation.approvals as a
    cross join lateral (
        select x.mock, x.is_over, case
            when not x.is_over then coalesce(x.mock ->> 'decision', 'approved')
            when a.on_timeout = 'approve' then 'approved'
            when a.on_timeout = 'next' then 'timeout'
            else 'rejected'
        end as decision
        from (
            select l.mock, coalesce(l.mock -> 'timeout' = 'true', false) as is_over
            from (
                select
                    case jsonb_typeof(p_mocks -> a.step_key)
                        when 'array' then coalesce(
                            p_mocks -> a.step_key -> t.earlier, p_mocks -> a.step_key -> -1
                        )
                        else p_mocks -> a.step_key
                    end as mock
                from (
                    select count(*)::int as earlier
                    from automation.approvals as b
                    where b.org_id = a.org_id
                        and b.instance_id = a.instance_id
                        and b.step_key = a.step_key
                        and b.status <> 'open'
                ) as t
            ) as l
        ) as x
    ) as m
    cross join lateral (
        select case
            when m.mock ? 'error' then automation_private.error_object(
                coalesce(m.mock #>> '{error,code}', 'error'),
                coalesce(m.mock #>> '{error,class}', 'error'),
                coalesce(m.mock #>> '{error,message}', 'mocked')
            )
            when m.decision not in ('approved', 'rejected', 'changes_requested') and not m.is_over
                or m.decision = 'changes_requested' and not a.takes_changes
                then automation_private.error_object(
                    'invalid_mock', 'invalid', format('nobody can decide %s here', m.decision)
                )
        end as error
    ) as e
    where a.org_id = p_org_id and a.instance_id = p_instance_id and a.status = 'open'
    order by a.step_id
);

comment on function automation_private.mocked_approvals(uuid, uuid, jsonb) is
    'How the open approvals of an instance go, as the mocks say: one, or a list with one for each '
    'time that the step is entered; by default everything is approved.';
