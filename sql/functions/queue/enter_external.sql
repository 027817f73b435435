create or replace function automation_private.enter_external(
    p_visits automation_private.visit[],
    p_credit automation_private.credit[]
)
returns automation_private.credit[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
    v_credit automation_private.credit[];
begin
    select s.p_credit, s.p_message_ids into v_credit, v_ids
    from automation_private.send_actions(
        array(
            select (
                v.org_id, v.instance_id, v.root_id, v.step_id, v.step_key, v.action,
                v.value -> 'config', v.attempt, v.timeout
            )::automation_private.action_call
            from unnest(p_visits) as v
        ),
        p_credit
    ) as s;

    insert into automation.workflow_steps (
        org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
        iteration_id, from_order,
        started_at, input_data, message_id, timeout_after
    )
    select
        v.org_id, v.instance_id, v.step_id, v.step_order, v.step_key, v.step_type,
        case when v_ids[v.ordinality] is null then 'pending' else 'running' end,
        v.scope_id, v.iteration_id, v.from_order, automation_private.clock(), v.value -> 'config',
        v_ids[v.ordinality], v.timeout
    from unnest(p_visits) with ordinality as v
    where not v.is_again;
    update automation.workflow_steps as s
    set
        status = case when v_ids[v.ordinality] is null then 'pending' else 'running' end,
        message_id = v_ids[v.ordinality], started_at = automation_private.clock()
    from unnest(p_visits) with ordinality as v
    where v.is_again
        and s.org_id = v.org_id
        and s.instance_id = v.instance_id
        and s.step_id = v.step_id;
    return v_credit;
end;
$$;

comment on function automation_private.enter_external(
    automation_private.visit[], automation_private.credit[]
) is
    'Hands external actions to the queue and records their activations; returns the places '
    'left.';
