create or replace function automation_private.room_in_queue(p_org_id uuid)
returns int
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from automation_private.pending_actions as p where p.org_id = p_org_id)
        and automation_private.has_queue(p_org_id)
    then
        return 0;
    end if;
    return automation_private.free_places(p_org_id);
end;
$$;

comment on function automation_private.room_in_queue(uuid) is
    'How many more actions an organisation may send at once: none while earlier ones are pending, '
    'unless these wait for a limit.';
