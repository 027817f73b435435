create or replace function automation_private.shift_bounds(
    p_bounds jsonb,
    p_direction text,
    p_by numeric
)
returns jsonb
language sql
immutable
return case p_direction
    when 'above' then to_jsonb(p_bounds::numeric + p_by)
    when 'below' then to_jsonb(p_bounds::numeric - p_by)
    when 'outside' then jsonb_build_array(
        (p_bounds -> 0)::numeric - p_by, (p_bounds -> 1)::numeric + p_by
    )
    when 'inside' then jsonb_build_array(
        (p_bounds -> 0)::numeric + p_by, (p_bounds -> 1)::numeric - p_by
    )
end;

comment on function automation_private.shift_bounds(jsonb, text, numeric) is
    'The bounds further away by so much, in the direction in which a threshold fires.';
