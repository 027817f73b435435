create or replace function automation_private.take_strays(
    p_strays automation_private.pending_actions[],
    p_message_ids bigint[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_taken bigint[];
begin
    if cardinality(p_strays) = 0 then
        return;
    end if;
    v_taken := automation_private.delete_messages(p_message_ids, true);
    update automation.workflow_steps as s
    set status = 'pending', message_id = null
    from unnest(p_strays) with ordinality as t
    where p_message_ids[t.ordinality] = any (v_taken)
        and s.org_id = t.org_id
        and s.instance_id = t.instance_id
        and s.step_id = t.step_id;
    insert into automation_private.pending_actions (
        org_id, step_id, instance_id, root_id, action
    )
    select t.org_id, t.step_id, t.instance_id, t.root_id, t.action
    from unnest(p_strays) with ordinality as t
    where p_message_ids[t.ordinality] = any (v_taken);
end;
$$;

comment on function automation_private.take_strays(
    automation_private.pending_actions[], bigint[]
) is
    'Takes messages back that still nobody holds: their actions are pending again. Their families '
    'are locked.';
