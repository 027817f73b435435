create or replace function automation_private.rewrite_places(
    p_instance automation.workflow_instances,
    p_steps automation_private.step_move[]
)
returns void
language sql
volatile
begin atomic
    -- 0: of what is in the history, a step that is no more
    update automation.workflow_steps as s
    set
        step_order = coalesce(m.to_order, 0),
        step_key = case
            when s.status in ('pending', 'running', 'waiting')
                or s.ended_in = p_instance.ended_in and p_instance.status = 'failed'
                then coalesce(m.to_step, s.step_key)
            else s.step_key
        end,
        from_order = coalesce(f.to_order, 0),
        merge_order = g.to_order
    from automation.workflow_steps as x
    left join unnest(p_steps) as m on m.from_order = x.step_order
    left join unnest(p_steps) as f on f.from_order = x.from_order
    left join unnest(p_steps) as g on g.from_order = x.merge_order
    where s.org_id = p_instance.org_id
        and s.instance_id = p_instance.instance_id
        and x.org_id = s.org_id
        and x.instance_id = s.instance_id
        and x.step_id = s.step_id;
    update automation_private.held_tokens as h
    set
        step_order = sign(h.step_order) * coalesce(m.to_order, m.next_order),
        from_order = coalesce(
            (select f.to_order from unnest(p_steps) as f where f.from_order = h.from_order), 0
        )
    from unnest(p_steps) as m
    where h.org_id = p_instance.org_id
        and h.instance_id = p_instance.instance_id
        and m.from_order = abs(h.step_order);
    update automation_private.timers as t
    set
        step_order = sign(t.step_order) * coalesce(m.to_order, m.next_order),
        from_order = coalesce(
            (select f.to_order from unnest(p_steps) as f where f.from_order = t.from_order), 0
        )
    from unnest(p_steps) as m
    where t.org_id = p_instance.org_id
        and t.instance_id = p_instance.instance_id
        and t.kind = 'continue'
        and m.from_order = abs(t.step_order);
    update automation.approvals as a
    set step_key = s.step_key
    from automation.workflow_steps as s
    where a.org_id = p_instance.org_id
        and a.step_id = s.step_id
        and a.status = 'open'
        and s.org_id = p_instance.org_id
        and s.instance_id = p_instance.instance_id
        and s.step_type = 'approval'
        and s.status = 'waiting';
    select automation_private.rewrite_arrivals(p_instance, p_steps);
end;

comment on function automation_private.rewrite_places(
    automation.workflow_instances, automation_private.step_move[]
) is
    'Gives everything that an instance has the numbers and ids of the steps of another definition.';
