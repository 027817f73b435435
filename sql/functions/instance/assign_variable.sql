create or replace function automation_private.assign_variable(
    p_org_id uuid,
    p_instance_id uuid,
    p_name text,
    p_value jsonb
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
        p_org_id, p_instance_id
    );
begin
    update automation.workflow_instances as i
    set
        context_data = automation_private.patch_variables(
            i.context_data, jsonb_build_object(p_name, p_value)
        ),
        updated_at = automation_private.clock()
    where i.org_id = p_org_id and i.instance_id = p_instance_id;
    if v_instance.watches > 0 then
        perform automation_private.nudge_watches(array[p_org_id], array[p_instance_id]);
    end if;
end;
$$;

comment on function automation_private.assign_variable(uuid, uuid, text, jsonb) is
    'Sets a variable of an open instance; waits for a condition look again.';
