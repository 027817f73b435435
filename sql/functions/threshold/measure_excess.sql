create or replace function automation_private.measure_excess(
    p_value numeric,
    p_direction text,
    p_bound jsonb
)
returns numeric
language sql
immutable
return case p_direction
    when 'above' then p_value - p_bound::numeric
    when 'below' then p_bound::numeric - p_value
    when 'outside'
        then greatest((p_bound -> 0)::numeric - p_value, p_value - (p_bound -> 1)::numeric)
    when 'inside'
        then least(p_value - (p_bound -> 0)::numeric, (p_bound -> 1)::numeric - p_value)
end;

comment on function automation_private.measure_excess(numeric, text, jsonb) is
    'How far a value is beyond a bound, in the direction in which it fires: negative when it is '
    'on the safe side.';
