create or replace function automation_private.plan_reopening(
    p_instance automation.workflow_instances
)
returns table (step automation.workflow_steps, way text)
language sql
stable
begin atomic
    with reopened as (
        select s, s.step_id, s.step_type, s.scope_id
        from unnest(automation_private.list_reopenable(p_instance)) as s
    )

    select
        r.s,
        case
            when r.step_type = 'scope' and (r.s).live is null then 'enter'
            when f.is_filled then 'open'
            when r.step_type = 'iteration' then 'close'
            when r.step_type in ('split', 'scope') and exists (
                select from automation_private.list_inside(
                    p_instance.org_id, p_instance.instance_id, r.step_id
                )
            ) then 'close'
            when exists (
                select from automation_private.loop_states as l
                where l.org_id = p_instance.org_id
                    and l.instance_id = p_instance.instance_id
                    and l.step_id = r.step_id
                    and l.started > 0
            ) then 'turn'
            -- an attempt that had ended already is not the one to go on
            when r.step_type = 'workflow' and (c.trigger_data ->> 'attempt')::int = (r.s).attempt
            and (
                c.status in ('pending', 'running', 'paused', 'completed')
                or c.ended_in = p_instance.ended_in and automation_private.has_reopenable(c)
            ) then 'child'
            else 'enter'
        end
    from reopened as r
    cross join lateral (
        select exists (
            select from reopened as x where x.scope_id = r.step_id
        ) or exists (
            select from automation_private.held_tokens as h
            where h.org_id = p_instance.org_id
                and h.instance_id = p_instance.instance_id
                and h.scope_id = r.step_id
        ) as is_filled
    ) as f
    cross join lateral automation_private.latest_child(r.s) as c;
end;

comment on function automation_private.plan_reopening(automation.workflow_instances) is
    'How what stood open in an instance is opened again: "open" with what is in it, "close" (all '
    'in it is done), "turn" (the loop decides), "child" (its sub-workflow goes on) or "enter".';
