create or replace function automation_private.fork_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_step text,
    p_patch jsonb
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_fork automation.workflow_instances;
    v_order int;
    v_now timestamptz;
begin
    v_fork := automation_private.lock_instance(
        p_org_id, p_instance_id, '{pending,running,paused,completed,failed,cancelled}'
    );
    v_order := automation_private.require_start_step(v_fork, p_step);
    v_now := automation_private.clock();
    v_fork.forked_from := p_instance_id;
    v_fork.instance_id := automation_private.uuid_v7();
    v_fork.root_id := v_fork.instance_id;
    insert into automation.workflow_instances (
        org_id, instance_id, root_id, forked_from, definition_id, template_id, instance_name,
        timezone, max_activations, steps_total, context_data, step_outputs, trigger_type,
        trigger_data, input_data, event_id, event_mark, causation, triggered_by, triggered_at,
        started_at, created_at, updated_at
    )
    values (
        p_org_id, v_fork.instance_id, v_fork.root_id, p_instance_id, v_fork.definition_id,
        v_fork.template_id, v_fork.instance_name, v_fork.timezone, v_fork.max_activations,
        v_fork.steps_total, automation_private.patch_variables(v_fork.context_data, p_patch),
        v_fork.step_outputs, 'manual', v_fork.trigger_data, v_fork.input_data, v_fork.event_id,
        v_fork.event_mark, v_fork.causation, automation.current_user_id(), v_now, v_now, v_now,
        v_now
    );
    insert into automation_private.usage_changes (org_id, template_id, started, ended, used_at)
    select p_org_id, v_fork.template_id, 1, 0, v_now
    where v_fork.template_id is not null;
    perform automation_private.reset_deadline(v_fork);
    perform automation_private.advance_new(array[(
        p_org_id, v_fork.instance_id, v_fork.root_id, v_order, v_fork.instance_id, null, null, null
    )::automation_private.token]);
    return v_fork.instance_id;
end;
$$;

comment on function automation_private.fork_instance(uuid, uuid, text, jsonb) is
    'Starts an instance with what another one knows, at one of its steps.';
