create or replace function automation_private.trigger_event(p_trigger jsonb)
returns text
language sql
immutable
return case
    when p_trigger ? 'event' then p_trigger ->> 'event'
    when p_trigger ? 'webhook' then 'webhook.' || (p_trigger ->> 'webhook')
end;

comment on function automation_private.trigger_event(jsonb) is
    'The event that a trigger waits for; null when it waits for nobody but people.';
