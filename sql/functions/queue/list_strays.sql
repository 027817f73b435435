create or replace function automation_private.list_strays(
    p_org_ids uuid[],
    p_blocks automation_private.action_blocks[],
    p_limit int,
    out p_strays automation_private.pending_actions[],
    out p_message_ids bigint[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    select
        coalesce(array_agg((
            s.org_id, (s.message ->> 'step')::uuid, (s.message ->> 'instance')::uuid,
            (s.message ->> 'root')::uuid, s.action
        )::automation_private.pending_actions order by s.msg_id), '{}'),
        coalesce(array_agg(s.msg_id order by s.msg_id), '{}')
    into p_strays, p_message_ids
    from (
        select m.*
        from (
            select
                q.msg_id, q.message, (q.message ->> 'org')::uuid as org_id,
                q.message ->> 'action' as action
            from pgmq.q_automation_actions as q
            where q.vt <= clock_timestamp()
            offset 0
        ) as m
        where m.org_id = any (p_org_ids)
            or m.org_id in (select b.org_id from unnest(p_blocks) as b)
            and exists (
                select from unnest(p_blocks) as b
                where b.org_id = m.org_id
                    and b.limit_key = any (automation_private.limit_keys(m.action))
            )
        order by m.msg_id
        limit p_limit
    ) as s;
end;
$$;

comment on function automation_private.list_strays(
    uuid[], automation_private.action_blocks[], int
) is
    'Messages that no worker holds and that should not be in the queue: of paused organisations, '
    'or of what is blocked. Reads the whole queue.';
