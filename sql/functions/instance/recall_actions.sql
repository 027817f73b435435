create or replace function automation_private.recall_actions(
    p_org_id uuid,
    p_instance_ids uuid[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step_ids uuid[];
    v_message_ids bigint[];
begin
    select
        array_agg(s.step_id) filter (where s.status = 'pending'),
        array_agg(s.message_id) filter (where s.message_id is not null)
    into v_step_ids, v_message_ids
    from automation.workflow_steps as s
    where s.org_id = p_org_id
        and s.instance_id = any (p_instance_ids)
        and s.status in ('pending', 'running');
    if v_step_ids is not null then
        perform automation_private.drop_pending(
            array_fill(p_org_id, array[cardinality(v_step_ids)]), v_step_ids
        );
    end if;
    if v_message_ids is not null then
        v_message_ids := automation_private.delete_messages(v_message_ids, true);
        update automation.workflow_steps as s
        set status = 'pending', message_id = null
        where s.org_id = p_org_id
            and s.instance_id = any (p_instance_ids)
            and s.message_id = any (v_message_ids);
    end if;
end;
$$;

comment on function automation_private.recall_actions(uuid, uuid[]) is
    'Takes the actions of instances back that no worker holds; they are pending, but nobody sends '
    'them. Their families are locked.';
