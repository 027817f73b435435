create or replace function automation_private.drop_listener(p_org_id uuid, p_listener_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listened boolean;
begin
    delete from automation_private.listeners as l
    where l.org_id = p_org_id and l.listener_id = p_listener_id;
    v_listened := found;
    delete from automation_private.rule_health as h
    where h.org_id = p_org_id and h.rule_id = p_listener_id;
    delete from automation_private.rule_minutes as m
    where m.org_id = p_org_id and m.rule_id = p_listener_id;
    return v_listened;
end;
$$;

comment on function automation_private.drop_listener(uuid, uuid) is
    'Lets a rule or template listen to nothing any more, and forgets how a rule has failed; '
    'false when it did not listen.';
