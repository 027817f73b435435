create or replace function automation_private.choose_way(
    p_step automation.workflow_definition_steps,
    p_branch text
)
returns int
language sql
immutable
return coalesce(
    (
        select (c.value ->> 'order')::int
        from jsonb_array_elements(p_step.cases) as c
        where p_branch is not null and c.value ->> 'name' = p_branch
        limit 1
    ),
    p_step.next_order
);

comment on function automation_private.choose_way(automation.workflow_definition_steps, text) is
    'Where a token goes on behind a step that has several ways: the one that the outcome names.';
