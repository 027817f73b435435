create or replace function automation_private.room_in_queue(p_org_id uuid)
returns int
language sql
stable
return case
    when exists (select from automation_private.pending_actions as p where p.org_id = p_org_id)
        then 0
    else automation_private.free_places(p_org_id)
end;

comment on function automation_private.room_in_queue(uuid) is
    'How many more actions an organisation may send at once: none while earlier ones are pending.';
