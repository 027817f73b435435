create or replace function automation.cancel_workflow(
    p_instance_id uuid,
    p_reason text default null
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('run');
    v_cancelled boolean;
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    v_cancelled := automation_private.cancel_instance(v_org, p_instance_id, left(p_reason, 500));
    if v_cancelled then
        perform automation_private.record_audit(
            v_org, 'cancel_workflow', 'instance', p_instance_id,
            jsonb_build_object('reason', left(p_reason, 500))
        );
    end if;
    return v_cancelled;
end;
$$;

comment on function automation.cancel_workflow(uuid, text) is
    'Cancels an instance: open steps are cancelled, their messages leave the queue, late '
    'results change nothing. False when it had already ended.';
