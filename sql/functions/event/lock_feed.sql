create or replace function automation_private.lock_feed(p_org_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.event_feeds (org_id) values (p_org_id) on conflict do nothing;
    perform from automation_private.event_feeds as f where f.org_id = p_org_id for update;
end;
$$;

comment on function automation_private.lock_feed(uuid) is
    'Waits until nobody dispatches the organisation''s events, and keeps it so until the '
    'transaction ends: what was paused does not fire once the caller has committed.';
