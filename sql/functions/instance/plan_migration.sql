create or replace function automation_private.plan_migration(
    p_instance automation.workflow_instances,
    p_steps automation_private.step_move[]
)
returns automation_private.place_move[]
language sql
stable
begin atomic
    with standing as (
        select 'activation' as kind, s.step_id as id, s.step_order, s.step_type, s.from_order
        from automation.workflow_steps as s
        where s.org_id = p_instance.org_id
            and s.instance_id = p_instance.instance_id
            and s.status in ('pending', 'running', 'waiting')
            and s.step_type <> 'iteration'
        union all
        select 'activation', s.step_id, s.step_order, s.step_type, s.from_order
        from unnest(automation_private.list_reopenable(p_instance)) as s
        where p_instance.status = 'failed' and s.step_type <> 'iteration'
        union all
        select 'held', h.held_id, abs(h.step_order), 'token', h.from_order
        from automation_private.held_tokens as h
        where h.org_id = p_instance.org_id
            and h.instance_id = p_instance.instance_id
            and h.step_order <> 0
            and h.enters_id is null
        union all
        select 'continued', t.step_id, abs(t.step_order), 'token', t.from_order
        from automation_private.timers as t
        where t.org_id = p_instance.org_id
            and t.instance_id = p_instance.instance_id
            and t.kind = 'continue'
            and t.step_order <> 0
            and t.enters_id is null
        union all
        select 'arrived', s.step_id, s.merge_order, 'merge', s.step_order
        from automation.workflow_steps as s
        where s.org_id = p_instance.org_id
            and s.instance_id = p_instance.instance_id
            and s.status = 'running'
            and s.step_type = 'split'
            and s.arrived > 0
            and s.merge_order > 0
        union all
        select 'arrived', q.scope_id, x.step_order, 'merge', q.from_order
        from automation_private.queued_arrivals as q
        cross join lateral (values (q.merge_order), (q.from_order)) as x (step_order)
        where q.org_id = p_instance.org_id
            and q.instance_id = p_instance.instance_id
            and q.arrived > 0
    )

    select array(
        select (
            s.kind, s.id, m.from_step,
            case
                when m.fault is null then 'kept'
                when m.to_order is not null and s.step_type <> 'token' then 'blocked'
                when m.to_order is not null and m.fault = 'it is inside of something else'
                    then 'blocked'
                when m.to_order is not null then 'kept'
                when s.step_type not in ('token', 'action', 'delay', 'wait', 'approval')
                    then 'blocked'
                when m.next_fault is not null then 'blocked'
                when m.next_order > 0 then 'moved'
                else 'ended'
            end,
            case when m.to_order is null then m.next_step else m.to_step end,
            s.from_order, coalesce(m.to_order, m.next_order),
            case when m.to_order is null then coalesce(m.next_fault, m.fault) else m.fault end
        )::automation_private.place_move
        from standing as s
        inner join unnest(p_steps) as m on m.from_order = s.step_order
        order by s.id, s.kind
    );
end;

comment on function automation_private.plan_migration(
    automation.workflow_instances, automation_private.step_move[]
) is
    'What a migration does with every place where an instance stands.';
