create or replace function automation_private.read_bounds(p_value jsonb, p_direction text)
returns jsonb
language sql
immutable
return case
    when p_direction in ('outside', 'inside') and jsonb_typeof(p_value) = 'object'
        then jsonb_build_array(p_value -> 'min', p_value -> 'max')
    else p_value
end;

comment on function automation_private.read_bounds(jsonb, text) is
    'The number of a threshold as it is, its range as a list, whether or not it was written as '
    '{min, max}.';
