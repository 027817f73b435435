create or replace function automation_private.count_messages(
    p_calls automation_private.action_call[],
    p_message_ids bigint[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.limited_messages (
        org_id, message_id, limit_key, instance_id, step_id, attempt
    )
    select
        l.org_id, p_message_ids[c.ordinality], l.limit_key, c.instance_id, c.step_id, c.attempt
    from unnest(p_calls) with ordinality as c
    cross join lateral unnest(automation_private.limit_keys(c.action)) as k (limit_key)
    inner join automation.action_limits as l
        on l.org_id = c.org_id and l.limit_key = k.limit_key
    on conflict do nothing;
end;
$$;

comment on function automation_private.count_messages(
    automation_private.action_call[], bigint[]
) is
    'Counts messages against the limits of their actions and providers.';
