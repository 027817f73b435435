create or replace function automation_private.name_way(
    p_step automation_private.compiled_step,
    p_role text,
    p_place int
)
returns text
language sql
immutable
return case
    when p_role in ('case', 'branch')
        then coalesce(p_step.cases -> (p_place - 1) ->> 'name', p_step.branch_names[p_place])
    when p_role = 'timeout' then 'timeout'
    when p_role = 'condition_error' then 'error'
    when p_role = 'else' and p_step.source ? 'condition' then 'false'
    when p_role = 'else' then 'default'
    when p_role = 'next' and p_step.runs = 'condition' then 'true'
    when p_role = 'next' and p_step.runs = 'approval' then 'approved'
end;

comment on function automation_private.name_way(
    automation_private.compiled_step, text, int
) is
    'What the branch of an activation is that leaves the step by this link, the p_place-th of its '
    'role; null when it has none.';
