create or replace function automation_private.pause_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_reason text
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
    v_now timestamptz;
    v_paused uuid[];
begin
    perform automation_private.lock_instance(p_org_id, p_instance_id, '{running}');
    v_now := automation_private.clock();
    with paused as (
        update automation.workflow_instances as i
        set status = 'paused', paused_at = v_now, stop_reason = p_reason, updated_at = v_now
        where i.org_id = p_org_id
            and i.instance_id = any (automation_private.list_family(p_org_id, p_instance_id))
            and i.status = 'running'
        returning i.instance_id
    )

    select array_agg(p.instance_id) into v_paused from paused as p;
    perform automation_private.recall_actions(p_org_id, v_paused);
end;
$$;

comment on function automation_private.pause_instance(uuid, uuid, text) is
    'Pauses an instance and the sub-workflows that it waits for.';
