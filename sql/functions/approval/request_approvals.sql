create or replace function automation_private.request_approvals(
    p_visits automation_private.visit[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := automation_private.clock();
    v_asked automation.approvals[];
    v_outcomes automation_private.outcome[];
begin
    select
        array_agg(p.approval) filter (where f.fault is null),
        array_agg((
            v.org_id, v.instance_id, v.root_id, v.step_id, 'failed', null, f.fault, 0, null
        )::automation_private.outcome) filter (where f.fault is not null)
    into v_asked, v_outcomes
    from unnest(p_visits) as v
    inner join automation.workflow_definition_steps as d
        on v.org_id = d.org_id and v.definition_id = d.definition_id and v.step_order = d.step_order
    cross join lateral (
        select automation_private.prepare_approval(v, d.options, v_now) as approval offset 0
    ) as p
    cross join lateral automation_private.approval_fault(p.approval, d.options) as f (fault);

    if v_asked is not null then
        perform automation_private.open_approvals(v_asked);
        insert into automation_private.timers (
            org_id, instance_id, step_id, kind, root_id, due_at, attempt
        )
        select
            a.org_id, a.instance_id, a.step_id, k.kind, a.root_id,
            v_now + automation_private.parse_duration(e.value), e.ordinality
        from unnest(v_asked) as a
        inner join unnest(p_visits) as v on a.org_id = v.org_id and a.step_id = v.step_id
        inner join automation.workflow_definition_steps as d
            on v.org_id = d.org_id
                and v.definition_id = d.definition_id
                and v.step_order = d.step_order
        cross join (values ('remind'), ('escalate')) as k (kind)
        cross join lateral jsonb_array_elements_text(d.options -> k.kind) with ordinality as e
        where e.value is not null;
        perform automation_private.announce_approvals(v_asked, 'approval.requested', null);
    end if;
    return coalesce(v_outcomes, '{}');
end;
$$;

comment on function automation_private.request_approvals(automation_private.visit[]) is
    'Asks for the approvals of steps just entered: rows, reminders, escalations, notifications. '
    'Returns how those went that nobody can give.';
