create or replace function automation_private.check_constant(
    p_shape text, p_value jsonb, p_type text, p_rank jsonb
)
returns jsonb
language sql immutable
return case
    when jsonb_typeof(p_value) = 'object' then null
    when jsonb_typeof(p_value) = 'null' then automation_private.condition_error(
        'null_comparison', 'nothing equals null', 'use is not set, or is set'
    )
    when jsonb_typeof(p_value) = 'array' then automation_private.condition_error(
        'not_a_scalar', 'a list stands where one value is expected', 'use in, or contains_any'
    )
    when p_rank is not null and not coalesce(p_rank @> p_value, false)
        then automation_private.condition_error(
            'not_ranked', format('%s is not in the rank', p_value)
        )
    when p_type in ('timestamp', 'date') and automation_private.parse_instant(
        case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' end, 'UTC'
    ) is null then automation_private.condition_error(
        'not_a_timestamp',
        format('%s is not an ISO 8601 date or timestamp', left(p_value::text, 64)),
        'write 2025-01-31 or 2025-01-31T09:00:00+01:00'
    )
    when p_type in ('number', 'text', 'boolean')
        and jsonb_typeof(p_value) <> case p_type when 'text' then 'string' else p_type end
        then automation_private.condition_error(
            'type_mismatch', format('%s is not of type %s', left(p_value::text, 64), p_type)
        )
    when p_rank is not null or p_type is not null then null
    when p_shape in ('order', 'range') and jsonb_typeof(p_value) = 'boolean'
        then automation_private.condition_error(
            'unordered', 'true and false have no order', 'compare with ='
        )
    when p_shape in ('order', 'range') and jsonb_typeof(p_value) = 'string'
        and automation_private.parse_instant(p_value #>> '{}', 'UTC') is null
        then automation_private.condition_error(
            'unordered', format('%s has no order: text is ordered only when it is an ISO 8601 date '
            'or timestamp', left(p_value::text, 64)),
            'compare numbers or dates, or declare the order: "rank": ["low", "high"]'
        )
    when p_shape in ('needle', 'text', 'needles') and p_value = '""'
        then automation_private.condition_error('empty_text', 'the text to look for is empty')
    when p_shape = 'text' and jsonb_typeof(p_value) <> 'string'
        then automation_private.condition_error(
            'not_a_text', format('%s is not a text', left(p_value::text, 64))
        )
end;

comment on function automation_private.check_constant(text, jsonb, text, jsonb) is
'Why one constant cannot be what an operator compares with, as {error}; null when it can.';
