create or replace function automation_private.hand_over(
    p_calls automation_private.action_call[],
    p_credit automation_private.credit[] default '{}',
    p_are_admitted boolean default false
)
returns bigint[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
begin
    select s.p_message_ids into v_ids
    from automation_private.send_actions(p_calls, p_credit, p_are_admitted) as s;
    update automation.workflow_steps as s
    set
        status = case when v_ids[c.ordinality] is null then 'pending' else 'running' end,
        message_id = v_ids[c.ordinality]
    from unnest(p_calls) with ordinality as c
    where s.org_id = c.org_id and s.instance_id = c.instance_id and s.step_id = c.step_id;
    return v_ids;
end;
$$;

comment on function automation_private.hand_over(
    automation_private.action_call[], automation_private.credit[], boolean
) is
    'Sends actions whose activations exist already and notes how they stand. Returns the ids of '
    'their messages; null where one was left pending.';
