create or replace function automation_private.wake_queue(
    p_org_id uuid,
    p_listener_id uuid,
    p_key text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update automation_private.waiting_firings as w
    set due_at = least(w.due_at, automation_private.clock())
    where w.org_id = p_org_id
        and w.firing_id = (
            select x.firing_id
            from automation_private.waiting_firings as x
            where x.org_id = p_org_id
                and x.listener_id = p_listener_id
                and x.key = p_key
                and x.stage = 'queued'
            order by x.since, x.events
            limit 1
        )
        and coalesce(cardinality((
            automation_private.find_subject(p_org_id, p_listener_id, p_key)
        ).running), 0) = 0;
end;
$$;

comment on function automation_private.wake_queue(uuid, uuid, text) is
    'Lets the first firing in the queue of a key go on, unless a run of the key goes on.';
