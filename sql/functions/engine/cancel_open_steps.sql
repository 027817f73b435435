create or replace function automation_private.cancel_open_steps(
    p_ends automation_private.ending[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message_ids bigint[];
    v_org_ids uuid[];
    v_step_ids uuid[];
begin
    with cancelled as (
        update automation.workflow_steps as s
        set status = 'cancelled', completed_at = automation_private.clock(), message_id = null
        from unnest(p_ends) as e
        cross join lateral (
            select x.step_id, x.message_id
            from automation.workflow_steps as x
            where x.org_id = e.org_id
                and x.instance_id = e.instance_id
                and x.status in ('pending', 'running', 'waiting')
            offset 0
        ) as o
        where s.org_id = e.org_id and s.instance_id = e.instance_id and s.step_id = o.step_id
        returning s.org_id, s.step_id, o.message_id
    )

    select
        array_agg(c.message_id) filter (where c.message_id is not null),
        array_agg(c.org_id), array_agg(c.step_id)
    into v_message_ids, v_org_ids, v_step_ids
    from cancelled as c;

    perform automation_private.drop_pending(v_org_ids, v_step_ids);
    perform automation_private.delete_messages(v_message_ids);
end;
$$;

comment on function automation_private.cancel_open_steps(automation_private.ending[]) is
    'Cancels what still stands open in instances that end, and takes their messages from the '
    'queue.';
