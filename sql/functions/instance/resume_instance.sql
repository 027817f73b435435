create or replace function automation_private.resume_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_grace interval
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_instance constant automation.workflow_instances := automation_private.lock_instance(
        p_org_id, p_instance_id, '{paused}'
    );
    v_now constant timestamptz := automation_private.clock();
    v_resumed uuid[];
    v_outcomes automation_private.outcome[];
begin
    -- a sub-workflow that had been paused by itself stays paused
    with resumed as (
        update automation.workflow_instances as i
        set status = 'running', resumed_at = v_now, stop_reason = null, updated_at = v_now
        where i.org_id = p_org_id
            and i.instance_id = any (automation_private.list_family(p_org_id, p_instance_id))
            and i.status = 'paused'
            and i.paused_at = v_instance.paused_at
        returning i.instance_id
    )

    select array_agg(r.instance_id) into v_resumed from resumed as r;
    v_outcomes := automation_private.skip_overdue(p_org_id, v_resumed, v_now - p_grace);
    perform automation_private.resume_timers(
        p_org_id, v_resumed, v_instance.paused_at, v_now
    );
    perform automation_private.release_actions(p_org_id, v_resumed);
    perform automation_private.advance(
        automation_private.settle_steps(v_outcomes)
        || automation_private.take_held_tokens(p_org_id, v_resumed, '{paused}')
    );
    perform automation_private.advance(automation_private.free_waiters(
        array_fill(p_org_id, array[cardinality(v_resumed)]), v_resumed
    ));
end;
$$;

comment on function automation_private.resume_instance(uuid, uuid, interval) is
    'Lets a paused instance go on, with the sub-workflows that were paused with it.';
