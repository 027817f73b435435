create or replace function automation_private.count_named_users(p_approval jsonb)
returns int
language sql
immutable
return (
    select case when bool_and(a.value ? 'user') then count(distinct a.value -> 'user') end
    from jsonb_array_elements(
        automation_private.read_approvers(p_approval -> 'approvers')
        || coalesce(
            (
                select jsonb_agg(t.value)
                from jsonb_path_query(p_approval, '$.escalate[*].to') as e (value)
                cross join jsonb_array_elements(
                    coalesce(automation_private.read_approvers(e.value), '[{"role": "?"}]')
                ) as t (value)
            ), '[]'
        )
    ) as a
);

comment on function automation_private.count_named_users(jsonb) is
    'How many people an approval step names; null when roles or templates may name more.';
