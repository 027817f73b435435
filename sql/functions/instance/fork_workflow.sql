create or replace function automation.fork_workflow(
    p_instance_id uuid,
    p_step text,
    p_patch jsonb default '{}'
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_fork uuid;
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.guard_approvals(v_org, p_instance_id);
    perform automation_private.patch_variables('{}', p_patch);
    if automation_private.is_paused(v_org) then
        raise exception using
            errcode = 'MA103',
            message = 'the organisation is paused and starts nothing',
            hint = 'automation.resume_org() lets it go on';
    end if;
    v_fork := automation_private.fork_instance(v_org, p_instance_id, p_step, p_patch);
    perform automation_private.record_audit(
        v_org, 'fork_workflow', 'instance', v_fork,
        jsonb_build_object('forked_from', p_instance_id, 'step', p_step)
    );
    return v_fork;
end;
$$;

comment on function automation.fork_workflow(uuid, text, jsonb) is
    'Starts a new instance of the same definition at a step in its own scope, with the trigger, '
    'input, variables and outputs of another instance, in whatever state that is, and p_patch over '
    'the variables. Returns its id. Of a definition with approvals this needs admin.';
