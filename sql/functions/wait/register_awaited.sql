create or replace function automation_private.register_awaited(p_org_id uuid, p_definition_id uuid)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    insert into automation_private.awaited_events (org_id, definition_id, event)
    select distinct s.org_id, s.definition_id, n.name
    from automation.workflow_definition_steps as s
    cross join lateral jsonb_array_elements(s.options -> 'events') as e
    cross join lateral jsonb_array_elements_text(e.value -> 'names') as n (name)
    where s.org_id = p_org_id and s.definition_id = p_definition_id and s.runs = 'wait';
end;

comment on function automation_private.register_awaited(uuid, uuid) is
    'Lets what a definition''s waits hear be recorded from now on.';
