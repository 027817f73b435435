create or replace function automation.skip_step(
    p_instance_id uuid,
    p_step text,
    p_output jsonb default '{}',
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
    v_output constant jsonb := nullif(p_output, 'null');
    v_steps int;
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.guard_approvals(v_org, p_instance_id, p_step);
    perform automation_private.require_value(v_output);
    v_steps := automation_private.end_step(
        v_org, p_instance_id, p_step, p_step_id, 'skipped', v_output
    );
    perform automation_private.record_audit(
        v_org, 'skip_step', 'instance', p_instance_id,
        jsonb_build_object('step', p_step, 'step_id', p_step_id, 'output', v_output)
    );
    return v_steps;
end;
$$;

comment on function automation.skip_step(uuid, text, jsonb, uuid) is
    'Goes past a step that is open, or waits for a mutex: its activations (or only the one of that '
    'id) are skipped, with p_output as their output, and their tokens go on behind it. Messages '
    'are withdrawn; what is inside a loop, scope or split is cancelled. Returns how many; MA106 '
    'when none is open. Whoever goes past an approval needs admin.';
