create or replace function automation_private.retry_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_from_step text,
    p_patch jsonb
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
        p_org_id, p_instance_id, '{failed}'
    );
    v_order int;
begin
    perform automation_private.check_retryable(v_instance, p_from_step);
    if p_from_step is null then
        perform automation_private.advance(
            automation_private.reopen_instance(v_instance, p_patch)
        );
        perform automation_private.advance(automation_private.free_waiters(
            array[p_org_id], array[p_instance_id]
        ));
        return;
    end if;
    v_order := automation_private.require_start_step(v_instance, p_from_step);
    perform automation_private.forget_instances(
        array[(
            p_org_id, p_instance_id, v_instance.root_id, 'failed', null, null, false
        )::automation_private.ending]
    );
    perform automation_private.revive_instance(v_instance, p_patch);
    perform automation_private.advance(array[(
        p_org_id, p_instance_id, v_instance.root_id, v_order, p_instance_id, null, null, null
    )::automation_private.token]);
end;
$$;

comment on function automation_private.retry_instance(uuid, uuid, text, jsonb) is
    'Lets a failed instance go on from where it stood, or from one of its steps.';
