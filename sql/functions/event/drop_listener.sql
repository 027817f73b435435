create or replace function automation_private.drop_listener(p_org_id uuid, p_listener_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from automation_private.listeners as l
    where l.org_id = p_org_id and l.listener_id = p_listener_id;
end;
$$;

comment on function automation_private.drop_listener(uuid, uuid) is
    'Lets a rule or template listen to nothing any more.';
