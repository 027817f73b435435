create or replace function automation_private.adopt_messages(p_org_id uuid, p_limit_key text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.limited_messages (
        org_id, message_id, limit_key, instance_id, step_id, attempt, reads
    )
    select
        p_org_id, q.msg_id, p_limit_key, (q.message ->> 'instance')::uuid,
        (q.message ->> 'step')::uuid, (q.message ->> 'attempt')::int, q.read_ct
    from pgmq.q_automation_actions as q
    where (q.message ->> 'org')::uuid = p_org_id
        and p_limit_key = any (automation_private.limit_keys(q.message ->> 'action'))
    on conflict do nothing;
end;
$$;

comment on function automation_private.adopt_messages(uuid, text) is
    'Counts what is in the queue already against a new limit.';
