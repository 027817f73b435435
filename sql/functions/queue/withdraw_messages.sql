create or replace function automation_private.withdraw_messages(
    p_timers automation_private.due_timer[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_ids uuid[];
    v_step_ids uuid[];
    v_message_ids bigint[];
begin
    select array_agg(s.org_id), array_agg(s.step_id), array_agg(s.message_id)
    into v_org_ids, v_step_ids, v_message_ids
    from unnest(p_timers) as t
    inner join automation.workflow_steps as s
        on s.org_id = t.org_id
            and s.instance_id = t.instance_id
            and s.step_id = t.step_id
            and s.attempt = t.attempt
    where t.kind = 'timeout' and s.status in ('pending', 'running');
    if v_step_ids is null then
        return;
    end if;

    perform automation_private.drop_pending(v_org_ids, v_step_ids);
    perform automation_private.delete_messages(v_message_ids);
end;
$$;

comment on function automation_private.withdraw_messages(automation_private.due_timer[]) is
    'Takes the actions of steps that time out away from the queue and from those waiting to '
    'enter it.';
