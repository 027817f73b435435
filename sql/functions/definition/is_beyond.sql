create or replace function automation_private.is_beyond(p_value jsonb, p_bound jsonb, p_sign int)
returns boolean
language sql
stable
return case
    when jsonb_typeof(p_value) = 'number' and jsonb_typeof(p_bound) = 'number'
        then sign(p_value::numeric - p_bound::numeric) = p_sign
    when jsonb_typeof(p_value) = 'string' and jsonb_typeof(p_bound) = 'string'
        then sign(extract(epoch from
            automation_private.parse_instant(p_value #>> '{}', 'UTC')
            - automation_private.parse_instant(p_bound #>> '{}', 'UTC')
        )) = p_sign
end;

comment on function automation_private.is_beyond(jsonb, jsonb, int) is
    'Whether a number or a time lies below (-1) or above (1) a bound; null when there is no '
    'bound.';
