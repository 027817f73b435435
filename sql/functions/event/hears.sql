create or replace function automation_private.hears(p_listens text, p_event text)
returns boolean
language sql
immutable
return p_event in (p_listens, p_listens || '.created', p_listens || '.updated');

comment on function automation_private.hears(text, text) is
    'Whether what listens to an event of that name hears this one.';
