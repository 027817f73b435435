create or replace function automation_private.dispatch_now(
    p_org_id uuid,
    p_listener_id uuid,
    p_event_id bigint
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_memoize = off
set jit = off
as $$
declare
    v_batch automation_private.event_batches;
    v_firings automation_private.firing[];
    v_outcome record;
begin
    delete from automation_private.event_batches as b
    using automation.automation_events as e
    where e.org_id = p_org_id
        and e.event_id = p_event_id
        and b.org_id = e.org_id
        and b.batch_id = e.batch_id
    returning b.* into v_batch;
    v_firings := automation_private.match_apart(array[v_batch]);
    perform automation_private.fire_apart(v_firings);

    select i.instance_id, x.status, x.reason, w.stage into v_outcome
    from automation.automation_events as e
    left join automation.automation_executions as x
        on e.org_id = x.org_id and e.event_id = x.event_id and x.rule_id = p_listener_id
            and e.recorded_at <= x.completed_at
    left join automation.workflow_instances as i
        on e.org_id = i.org_id and e.event_id = i.event_id and i.rule_id = p_listener_id
            and e.recorded_at <= i.created_at
    left join automation_private.waiting_firings as w
        on e.org_id = w.org_id and w.listener_id = p_listener_id
            and e.event_id = any (w.events)
    where e.org_id = p_org_id and e.event_id = p_event_id
    limit 1;
    return jsonb_strip_nulls(jsonb_build_object(
        'event_id', p_event_id,
        'outcome', case
            when v_outcome.instance_id is not null then 'started'
            when v_outcome.stage is not null then 'waiting'
            when v_outcome.status = 'failed' then 'failed'
            else 'skipped'
        end,
        'instance_id', v_outcome.instance_id,
        'reason', coalesce(
            v_outcome.reason, v_outcome.stage,
            case when v_outcome.instance_id is null then 'no_match' end
        )
    ));
end;
$$;

comment on function automation_private.dispatch_now(uuid, uuid, bigint) is
    'Shows one event to what listens, at once, and says what came of it. The caller holds the '
    'feed.';
