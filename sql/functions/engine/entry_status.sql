create or replace function automation_private.entry_status(p_visit automation_private.visit)
returns text
language sql
immutable
return case
    when p_visit.error is not null then 'running'
    when p_visit.runs in ('condition', 'set', 'stop') then 'completed'
    when p_visit.runs in ('delay', 'wait', 'approval') then 'waiting'
    when p_visit.runs = 'external' then 'pending'
    else 'running'
end;

comment on function automation_private.entry_status(automation_private.visit) is
    'How an activation stands that has just been entered.';
