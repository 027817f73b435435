create or replace function automation_private.check_waiting()
returns table (invariant text, org_id uuid, instance_id uuid, detail text)
language sql
stable
begin atomic
    select
        'what waits can be woken', s.org_id, s.instance_id,
        format('%s is %s', s.step_key, s.status)
    from automation.workflow_steps as s
    where s.status in ('pending', 'waiting')
        and s.step_type <> 'approval'
        and not exists (
            select from automation_private.timers as t
            where t.org_id = s.org_id
                and t.instance_id = s.instance_id
                and t.step_id = s.step_id
                and t.kind in ('delay', 'retry')
        )
        and not exists (
            select from automation_private.pending_actions as p
            where p.org_id = s.org_id and p.step_id = s.step_id
        )
        and not exists (
            select from automation_private.event_waits as w
            where w.org_id = s.org_id and w.instance_id = s.instance_id and w.step_id = s.step_id
        )
        and not exists (
            select from automation_private.condition_waits as w
            where w.org_id = s.org_id and w.instance_id = s.instance_id and w.step_id = s.step_id
        )
        and not exists (
            select from automation_private.held_tokens as h
            where h.org_id = s.org_id and h.instance_id = s.instance_id and h.enters_id = s.step_id
        )
        and not exists (
            select from automation_private.timers as t
            where t.org_id = s.org_id and t.instance_id = s.instance_id and t.enters_id = s.step_id
        )
        and not (s.status = 'pending' and exists (
            select from automation.workflow_instances as i
            where i.org_id = s.org_id and i.instance_id = s.instance_id and i.status = 'paused'
        ))
    union all
    select 'what runs outside has its message', s.org_id, s.instance_id, s.step_key
    from automation.workflow_steps as s
    where s.status = 'running'
        and s.live is null
        and s.step_type <> 'workflow'
        and not exists (
            select from pgmq.q_automation_actions as q where q.msg_id = s.message_id
        )
    union all
    select
        'a message belongs to a running step', (q.message ->> 'org')::uuid,
        (q.message ->> 'instance')::uuid, q.message ->> 'key'
    from pgmq.q_automation_actions as q
    where not exists (
        select from automation.workflow_steps as s
        where s.org_id = (q.message ->> 'org')::uuid
            and s.instance_id = (q.message ->> 'instance')::uuid
            and s.step_id = (q.message ->> 'step')::uuid
            and s.status = 'running'
            and s.message_id = q.msg_id
    )
    union all
    select 'a timer belongs to an open instance', t.org_id, t.instance_id, t.kind
    from automation_private.timers as t
    where not exists (
        select from automation.workflow_instances as i
        where i.org_id = t.org_id and i.instance_id = t.instance_id
            and i.status in ('running', 'paused')
    )
    union all
    select
        'the in-flight sum is what is in the queue', x.org_id, null,
        format('sum %s, messages %s', x.summed, x.queued)
    from (
        select y.org_id, sum(y.summed) as summed, sum(y.queued) as queued
        from (
            select c.org_id, c.change as summed, 0 as queued
            from automation_private.in_flight_changes as c
            union all
            select (q.message ->> 'org')::uuid, 0, 1 from pgmq.q_automation_actions as q
        ) as y
        group by y.org_id
    ) as x
    where x.summed <> x.queued;
end;

comment on function automation_private.check_waiting() is
    'Steps, messages, timers and sums that have lost each other.';
