create or replace function automation_private.check_waits()
returns table (invariant text, org_id uuid, instance_id uuid, detail text)
language sql
stable
begin atomic
    select 'what is waited for belongs to an open wait', w.org_id, w.instance_id, w.kind
    from (
        select x.org_id, x.instance_id, x.step_id, 'event' as kind
        from automation_private.event_waits as x
        union
        select x.org_id, x.instance_id, x.step_id, 'match' as kind
        from automation_private.event_matches as x
        union
        select x.org_id, x.instance_id, x.step_id, 'condition' as kind
        from automation_private.condition_waits as x
    ) as w
    where not exists (
        select from automation.workflow_steps as s
        where s.org_id = w.org_id
            and s.instance_id = w.instance_id
            and s.step_id = w.step_id
            and s.step_type = 'wait'
            and s.status = 'waiting'
    )
    union all
    select 'what has to be looked at has its timer', w.org_id, w.instance_id, w.kinds[1]
    from (
        select x.org_id, x.instance_id, x.step_id, array['poll'] as kinds
        from automation_private.condition_waits as x
        union
        select x.org_id, x.instance_id, x.step_id, array['look_back']
        from automation_private.event_waits as x
        where x.look_from is not null
        union
        select x.org_id, x.instance_id, x.step_id, array['event', 'look_back']
        from automation_private.event_matches as x
        where x.is_met is null
    ) as w
    where not exists (
        select from automation_private.timers as t
        where t.org_id = w.org_id
            and t.instance_id = w.instance_id
            and t.step_id = w.step_id
            and t.kind = any (w.kinds)
    )
    union all
    select
        'an instance knows how many conditions it watches', i.org_id, i.instance_id,
        format('counts %s, has %s', i.watches, c.watches)
    from automation.workflow_instances as i
    cross join lateral (
        select count(*) as watches
        from automation_private.condition_waits as x
        where x.org_id = i.org_id and x.instance_id = i.instance_id
    ) as c
    where i.watches <> c.watches;
end;

comment on function automation_private.check_waits() is
    'Waits and what wakes them that have lost each other.';
