create or replace function automation_private.cancel_steps(p_open automation.workflow_steps[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_ids uuid[] := array(select s.org_id from unnest(p_open) as s);
    v_instance_ids uuid[] := array(select s.instance_id from unnest(p_open) as s);
    v_step_ids uuid[] := array(select s.step_id from unnest(p_open) as s);
    v_types text[] := array(select s.step_type from unnest(p_open) as s);
begin
    update automation.workflow_steps as s
    set
        status = 'cancelled',
        completed_at = automation_private.clock(),
        message_id = null,
        ended_in = pg_current_xact_id()
    from unnest(v_org_ids, v_instance_ids, v_step_ids) as u (org_id, instance_id, step_id)
    where s.org_id = u.org_id and s.instance_id = u.instance_id and s.step_id = u.step_id;
    perform automation_private.drop_pending(v_org_ids, v_step_ids);
    perform automation_private.delete_messages(array(
        select s.message_id from unnest(p_open) as s where s.message_id is not null
    ));
    if v_types && array['wait', 'approval'] then
        perform automation_private.forget_steps(
            v_org_ids, v_instance_ids, v_step_ids, array_remove(v_types, 'loop')
        );
    end if;
    if v_types && array['workflow'] then
        perform automation_private.cancel_children(v_org_ids, v_instance_ids, v_step_ids);
    end if;
end;
$$;

comment on function automation_private.cancel_steps(automation.workflow_steps[]) is
    'Cancels open activations with what waits for them outside: messages, pending actions, waits, '
    'approvals, sub-workflows.';
