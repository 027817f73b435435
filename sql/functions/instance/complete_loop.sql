create or replace function automation.complete_loop(
    p_instance_id uuid,
    p_step text,
    p_step_id uuid default null
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
    perform automation_private.guard_approvals(v_org, p_instance_id, p_step);
    perform automation_private.complete_open_loop(v_org, p_instance_id, p_step, p_step_id);
    perform automation_private.record_audit(
        v_org, 'complete_loop', 'instance', p_instance_id,
        jsonb_build_object('step', p_step, 'step_id', p_step_id)
    );
end;
$$;

comment on function automation.complete_loop(uuid, text, uuid) is
    'Completes a loop that runs: turns that are not done are cancelled, and it goes on with the '
    'results of those that are. MA106 when it does not run.';
