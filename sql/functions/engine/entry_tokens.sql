create or replace function automation_private.entry_tokens(p_visit automation_private.visit)
returns int
language sql
immutable
return case
    when p_visit.error is not null then null
    when p_visit.runs = 'split' then cardinality(p_visit.branches)
    when p_visit.runs = 'scope' then 1
    when p_visit.runs = 'loop' then 0
end;

comment on function automation_private.entry_tokens(automation_private.visit) is
    'With how many live tokens a scope opens; of a loop: turns.';
