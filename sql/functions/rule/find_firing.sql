create or replace function automation_private.find_firing(
    p_rule_id uuid,
    p_event automation.automation_events
)
returns table (version int, outcome text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select e.rule_version, coalesce(e.reason, e.status)
    from automation.automation_executions as e
    where e.org_id = p_event.org_id
        and e.rule_id = p_rule_id
        and e.event_id = p_event.event_id
        and e.completed_at >= p_event.recorded_at
    union all
    select i.rule_version, i.status
    from automation.workflow_instances as i
    where i.org_id = p_event.org_id
        and i.rule_id = p_rule_id
        and i.event_id = p_event.event_id
        and i.created_at >= p_event.recorded_at
        and i.status in ('pending', 'running', 'paused')
    union all
    select null, 'waits_' || w.stage
    from automation_private.waiting_firings as w
    where w.org_id = p_event.org_id
        and w.listener_id = p_rule_id
        and p_event.event_id = any (w.events)
    union all
    select null, 'not_dispatched'
    from automation_private.event_batches as b
    where b.org_id = p_event.org_id
        and b.batch_id = p_event.batch_id
        and p_event.event_id >= b.first_event
    union all
    select null, 'before_activation'
    from automation_private.listeners as l
    where l.org_id = p_event.org_id
        and l.listener_id = p_rule_id
        and l.event = p_event.event
        and l.since > p_event.recorded_at
    limit 1;
end;
$$;

comment on function automation_private.find_firing(uuid, automation.automation_events) is
    'What really came of a rule and an event, and which version it was; no row when nothing did.';
