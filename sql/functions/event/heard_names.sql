create or replace function automation_private.heard_names(p_event text)
returns text[]
language sql
immutable
return case
    when p_event is null then '{}'
    when p_event like 'webhook.%' then array[p_event]
    else array[p_event, p_event || '.created', p_event || '.updated']
end;

comment on function automation_private.heard_names(text) is
    'The events that who listens to a name hears: that one, and what is created and updated under '
    'it.';
