create or replace function automation_private.manual_event(p_listener_id uuid)
returns text
language sql
immutable
return 'manual.r' || replace(p_listener_id::text, '-', '');

comment on function automation_private.manual_event(uuid) is
    'The event of somebody running a rule by hand.';
