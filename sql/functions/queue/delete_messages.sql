create or replace function automation_private.delete_messages(
    p_message_ids bigint[],
    p_only_waiting boolean default false
)
returns bigint[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deleted bigint[];
begin
    with deleted as (
        delete from pgmq.q_automation_actions as q
        where q.msg_id = any (p_message_ids)
            and (not p_only_waiting or q.vt <= clock_timestamp())
        returning q.msg_id, q.read_ct, (q.message ->> 'org')::uuid as org_id
    ),

    changed as (
        insert into automation_private.in_flight_changes (org_id, change)
        select d.org_id, -count(*) from deleted as d group by d.org_id
    ),

    -- what no worker has taken was no start
    uncounted as (
        delete from automation_private.limited_messages as m
        using deleted as d
        where m.org_id = d.org_id and m.message_id = d.msg_id and d.read_ct = 0
    )

    select array_agg(d.msg_id) into v_deleted from deleted as d;
    return coalesce(v_deleted, '{}');
end;
$$;

comment on function automation_private.delete_messages(bigint[], boolean) is
    'Takes messages from the queue, or only those that no worker holds, and returns which; whoever '
    'holds one finds its result stale.';
