create or replace function automation_private.as_condition(p_item jsonb)
returns jsonb
language sql immutable
return case
    when p_item ->> 'kind' = 'condition' then p_item -> 'value'
    when p_item -> 'value' ? 'field' then jsonb_build_object(
        'field', p_item -> 'value' -> 'field', 'op', 'is_true', '@', p_item -> 'at'
    )
end;

comment on function automation_private.as_condition(jsonb) is
'What was read as a condition: a comparison stays, a bare field means that it is true, anything
else gives null.';
