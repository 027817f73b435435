create or replace function automation_private.append_loop_item(
    p_org_id uuid,
    p_instance_id uuid,
    p_step text,
    p_item jsonb,
    p_step_id uuid
)
returns int
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_instance constant automation.workflow_instances := automation_private.lock_instance(
        p_org_id, p_instance_id
    );
    v_step constant automation.workflow_definition_steps := automation_private.require_step(
        v_instance, p_step
    );
    v_loop constant automation_private.loop_states := automation_private.find_open_loop(
        v_instance, v_step, p_step_id
    );
begin
    if v_loop.items is null then
        perform automation_private.refuse_step(
            p_instance_id, p_step, 'the loop does not go over a list'
        );
    elsif v_loop.items >= (v_step.options ->> 'max_iterations')::int then
        perform automation_private.refuse_step(
            p_instance_id, p_step, format('the loop has %s items already', v_loop.items),
            'that is its max_iterations'
        );
    end if;
    insert into automation_private.loop_items (org_id, instance_id, step_id, iteration, item)
    values (p_org_id, p_instance_id, v_loop.step_id, v_loop.items, p_item);
    update automation_private.loop_states as l
    set items = l.items + 1
    where l.org_id = p_org_id
        and l.instance_id = p_instance_id
        and l.step_id = v_loop.step_id;
    perform automation_private.advance(automation_private.turn_loops(
        array[p_org_id], array[p_instance_id], array[v_instance.root_id], array[v_loop.step_id]
    ));
    return v_loop.items;
end;
$$;

comment on function automation_private.append_loop_item(uuid, uuid, text, jsonb, uuid) is
    'Appends an item to a running loop; its number.';
