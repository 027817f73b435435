create or replace function automation_private.match_messages(
    p_msg_ids bigint[],
    p_read_cts int[],
    p_reports jsonb[]
)
returns automation_private.outcome[]
language sql
stable
return array(
    select (
        (q.message ->> 'org')::uuid, (q.message ->> 'instance')::uuid,
        (q.message ->> 'root')::uuid, (q.message ->> 'step')::uuid,
        u.report ->> 'status', u.report -> 'output',
        automation_private.reported_error(u.report -> 'error'),
        (u.report ->> 'execution_time_ms')::int, null
    )::automation_private.outcome
    from unnest(p_msg_ids, p_read_cts, p_reports) with ordinality
        as u (msg_id, read_ct, report, position)
    left join pgmq.q_automation_actions as q
        on u.msg_id = q.msg_id and u.read_ct = q.read_ct
    order by u.position
);

comment on function automation_private.match_messages(bigint[], int[], jsonb[]) is
    'The reports as outcomes of the steps that their messages name, in the order given; empty '
    'where somebody else holds the message now.';
