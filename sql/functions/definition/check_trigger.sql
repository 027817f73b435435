create or replace function automation_private.check_trigger(p_trigger jsonb)
returns jsonb
language sql
stable
return (automation_private.read_trigger(p_trigger, '/trigger')).errors;

comment on function automation_private.check_trigger(jsonb) is
    'The errors of a definition''s trigger.';
