create or replace function automation_private.heard_names(p_event text)
returns text[]
language sql
immutable
return array[p_event, p_event || '.created', p_event || '.updated'];

comment on function automation_private.heard_names(text) is
    'The events that who listens to a name hears: that one, and what is created and updated under '
    'it.';
