create or replace function automation_private.count_steps(p_definition jsonb)
returns int
language sql
immutable
return case jsonb_typeof(p_definition -> 'steps')
    when 'array' then jsonb_array_length(p_definition -> 'steps')
    else 0
end;

comment on function automation_private.count_steps(jsonb) is
    'How many steps a draft has.';
