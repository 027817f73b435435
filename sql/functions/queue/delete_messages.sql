create or replace function automation_private.delete_messages(p_message_ids bigint[])
returns void
language sql
volatile
begin atomic
    with removed as (
        delete from pgmq.q_automation_actions as q
        where q.msg_id = any (p_message_ids)
        returning (q.message ->> 'org')::uuid as org_id
    )

    insert into automation_private.in_flight_changes (org_id, change)
    select r.org_id, -count(*) from removed as r group by r.org_id;
end;

comment on function automation_private.delete_messages(bigint[]) is
    'Takes messages from the queue; whoever holds one finds its result stale.';
