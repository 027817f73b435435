create or replace function automation_private.start_type(p_event text)
returns text
language sql
immutable
return case
    when p_event like 'manual.%' then 'manual'
    when p_event like 'webhook.%' then 'api'
    when p_event like 'schedule.%' then 'scheduled'
    else 'event'
end;

comment on function automation_private.start_type(text) is
    'What kind of trigger an event is: manual, api (a webhook), scheduled or event.';
