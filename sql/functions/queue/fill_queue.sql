create or replace function automation_private.fill_queue(
    p_claimed automation_private.pending_actions[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_calls automation_private.action_call[];
    v_message_ids bigint[];
begin
    if cardinality(p_claimed) = 0 then
        return;
    end if;
    v_calls := array(
        select (
            s.org_id, s.instance_id, c.root_id, s.step_id, s.step_key, d.action, s.input_data,
            s.attempt, s.timeout_after
        )::automation_private.action_call
        from unnest(p_claimed) with ordinality as c
        inner join automation.workflow_steps as s
            on s.org_id = c.org_id
                and s.instance_id = c.instance_id
                and s.step_id = c.step_id
                and s.status = 'pending'
        inner join automation.workflow_instances as i
            on i.org_id = s.org_id and i.instance_id = s.instance_id and i.status = 'running'
        inner join automation.workflow_definition_steps as d
            on d.org_id = i.org_id
                and d.definition_id = i.definition_id
                and d.step_order = s.step_order
        order by c.ordinality
    );
    v_message_ids := automation_private.hand_over(
        v_calls,
        array(
            select (c.org_id, count(*))::automation_private.credit
            from unnest(v_calls) as c
            group by c.org_id
        ),
        true
    );
    perform automation_private.count_messages(v_calls, v_message_ids);
    insert into automation_private.in_flight_changes (org_id, change)
    select c.org_id, count(*) from unnest(v_calls) as c group by c.org_id;
end;
$$;

comment on function automation_private.fill_queue(automation_private.pending_actions[]) is
    'Sends claimed pending actions whose families are locked; those no longer pending, and those '
    'of paused instances, are dropped.';
