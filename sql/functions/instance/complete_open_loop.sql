create or replace function automation_private.complete_open_loop(
    p_org_id uuid,
    p_instance_id uuid,
    p_step text,
    p_step_id uuid
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
    v_loop constant automation_private.loop_states := automation_private.find_open_loop(
        v_instance, automation_private.require_step(v_instance, p_step), p_step_id
    );
begin
    perform automation_private.advance(automation_private.complete_loops(array[(
        p_org_id, p_instance_id, v_instance.root_id, v_loop.step_id, 'completed', null, null, null,
        null
    )::automation_private.outcome]));
end;
$$;

comment on function automation_private.complete_open_loop(uuid, uuid, text, uuid) is
    'Completes the running activation of a loop.';
