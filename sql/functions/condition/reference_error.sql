create or replace function automation_private.reference_error(p_ref jsonb)
returns jsonb
language sql immutable
return case jsonb_typeof(p_ref)
    when 'string' then automation_private.condition_error(
        'unknown_reference',
        format('there is no condition set %s', to_json(left(p_ref #>> '{}', 64))),
        'automation.save_condition_set makes one'
    )
    when 'array' then automation_private.condition_error(
        case when p_ref - (-1) @> (p_ref -> -1) then 'cyclic_reference' else 'too_deep' end,
        format(
            case
                when p_ref - (-1) @> (p_ref -> -1) then 'condition sets go round in a circle: %s'
                else 'condition sets are nested more than 10 deep: %s'
            end,
            (select string_agg(n.name, ' → ') from jsonb_array_elements_text(p_ref) as n (name))
        )
    )
    else automation_private.condition_error(
        'wrong_type', 'ref is the name of a condition set', '{"ref": "good_customers"}'
    )
end;

comment on function automation_private.reference_error(jsonb) is
'What is wrong with a reference that could not be replaced by its condition set.';
