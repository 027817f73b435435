create or replace function automation.pause_workflow(
    p_instance_id uuid,
    p_reason text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_reason constant text := left(p_reason, 500);
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.pause_instance(v_org, p_instance_id, v_reason);
    perform automation_private.record_audit(
        v_org, 'pause_workflow', 'instance', p_instance_id, jsonb_build_object('reason', v_reason)
    );
end;
$$;

comment on function automation.pause_workflow(uuid, text) is
    'Lets an instance, with the sub-workflows that it waits for, stand still until it is resumed: '
    'no step begins, no action is sent, no timer fires. What workers hold may finish. MA105 when '
    'it is paused already or has ended.';
