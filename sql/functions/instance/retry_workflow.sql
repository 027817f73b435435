create or replace function automation.retry_workflow(
    p_instance_id uuid,
    p_from_step text default null,
    p_patch jsonb default '{}'
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    if p_from_step is not null then
        perform automation_private.guard_approvals(v_org, p_instance_id);
    end if;
    perform automation_private.patch_variables('{}', p_patch);
    perform automation_private.retry_instance(v_org, p_instance_id, p_from_step, p_patch);
    perform automation_private.record_audit(
        v_org, 'retry_workflow', 'instance', p_instance_id,
        jsonb_build_object('from_step', p_from_step, 'variables', array(
            select jsonb_object_keys(p_patch)
        ))
    );
end;
$$;

comment on function automation.retry_workflow(uuid, text, jsonb) is
    'Lets an instance that has failed go on: where it stood (steps that were done are not done '
    'again; those that were open are entered again under the same idempotency key), or from a step '
    'in its own scope, which needs admin where there are approvals that this might go past. '
    'p_patch is laid over its variables first. MA105 when it has not failed.';
