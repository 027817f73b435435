create or replace function automation.cancel_step(
    p_instance_id uuid,
    p_step text,
    p_step_id uuid default null
)
returns int
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_steps int;
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.guard_approvals(v_org, p_instance_id, p_step);
    v_steps := automation_private.end_step(
        v_org, p_instance_id, p_step, p_step_id, 'cancelled', null
    );
    perform automation_private.record_audit(
        v_org, 'cancel_step', 'instance', p_instance_id,
        jsonb_build_object('step', p_step, 'step_id', p_step_id)
    );
    return v_steps;
end;
$$;

comment on function automation.cancel_step(uuid, text, uuid) is
    'Cancels a step that is open, or waits for a mutex: its activations (or only the one of that '
    'id; of a loop also one turn) end with everything inside them, and so do their tokens. '
    'Messages are withdrawn. Returns how many; MA106 when none is open.';
