create or replace function automation_private.decision_of(p_status text)
returns text
language sql
immutable
return case p_status when 'open' then null when 'timed_out' then 'timeout' else p_status end;

comment on function automation_private.decision_of(text) is
    'What an approval with this status has come to; null while it is open.';
