create or replace function automation_private.revive_instance(
    p_instance automation.workflow_instances,
    p_patch jsonb
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_instances as i
    set
        status = 'running',
        live = 1,
        activations = 0,
        retries = i.retries + 1,
        context_data = automation_private.patch_variables(i.context_data, p_patch),
        completed_at = null,
        execution_time_seconds = null,
        execution_results = null,
        stop_reason = null,
        error_message = null,
        error_details = null,
        ended_in = null,
        admission = null,
        updated_at = automation_private.clock()
    where i.org_id = p_instance.org_id and i.instance_id = p_instance.instance_id;
    insert into automation_private.usage_changes (org_id, template_id, started, ended, used_at)
    select p_instance.org_id, p_instance.template_id, 0, -1, automation_private.clock()
    where p_instance.template_id is not null;
    select automation_private.reset_deadline(p_instance);
end;

comment on function automation_private.revive_instance(
    automation.workflow_instances, jsonb
) is
    'Lets an instance that has ended run again, with a patch laid over its variables.';
