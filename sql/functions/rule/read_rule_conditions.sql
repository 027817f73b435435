create or replace function automation_private.read_rule_conditions(p_rule jsonb)
returns jsonb
language sql
immutable
return case
    when coalesce(p_rule -> 'conditions', 'null') in ('null', '[]', '{}', '""') then null
    when jsonb_typeof(p_rule -> 'conditions') = 'array' then jsonb_build_object(
        case when p_rule ->> 'condition_logic' = 'any' then 'any' else 'all' end,
        p_rule -> 'conditions'
    )
    else p_rule -> 'conditions'
end;

comment on function automation_private.read_rule_conditions(jsonb) is
    'The conditions of a rule as one tree: a list is joined as condition_logic says; null: always.';
