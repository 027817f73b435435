create or replace function automation_private.cancel_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_reason text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_root uuid;
    v_status text;
begin
    select i.root_id into v_root
    from automation.workflow_instances as i
    where i.org_id = p_org_id and i.instance_id = p_instance_id;
    perform automation_private.lock_roots(array[p_org_id], array[v_root]);
    select i.status into v_status
    from automation.workflow_instances as i
    where i.org_id = p_org_id and i.instance_id = p_instance_id;
    if v_status not in ('pending', 'running', 'paused') then
        return false;
    end if;
    perform automation_private.advance(automation_private.finish_instances(array[(
        p_org_id, p_instance_id, v_root, 'cancelled', coalesce(p_reason, 'cancelled'), null, false
    )::automation_private.ending]));
    return true;
end;
$$;

comment on function automation_private.cancel_instance(uuid, uuid, text) is
    'Cancels an instance with everything open in it; false when it has already ended.';
