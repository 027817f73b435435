create or replace function automation.add_loop_item(
    p_instance_id uuid,
    p_step text,
    p_item jsonb,
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
    v_item constant jsonb := coalesce(p_item, 'null');
    v_number int;
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.require_value(v_item);
    v_number := automation_private.append_loop_item(
        v_org, p_instance_id, p_step, v_item, p_step_id
    );
    perform automation_private.record_audit(
        v_org, 'add_loop_item', 'instance', p_instance_id,
        jsonb_build_object('step', p_step, 'item', v_number)
    );
    return v_number;
end;
$$;

comment on function automation.add_loop_item(uuid, text, jsonb, uuid) is
    'Gives a loop over a list that still runs one item more; returns its index. It counts against '
    'max_iterations. MA106 when the loop does not run.';
