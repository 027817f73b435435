create or replace function automation_private.visit_input(p_visit automation_private.visit)
returns jsonb
language sql
immutable
return case
    when p_visit.error is not null then null
    when p_visit.runs in ('native', 'external', 'cached') then p_visit.value -> 'config'
    when p_visit.runs in ('delay', 'wait', 'approval', 'workflow') then p_visit.value
    when p_visit.runs = 'loop' then p_visit.value - 'over'
end;

comment on function automation_private.visit_input(automation_private.visit) is
    'What history says a step was told. The items of a loop stand with its turns.';
