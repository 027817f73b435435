create or replace function automation_private.is_safer(
    p_clear_at jsonb,
    p_fire_at jsonb,
    p_direction text
)
returns boolean
language sql
immutable
return case p_direction
    when 'above' then p_clear_at <= p_fire_at
    when 'below' then p_clear_at >= p_fire_at
    when 'outside'
        then p_clear_at -> 0 >= p_fire_at -> 0 and p_clear_at -> 1 <= p_fire_at -> 1
    when 'inside'
        then p_clear_at -> 0 <= p_fire_at -> 0 and p_clear_at -> 1 >= p_fire_at -> 1
end;

comment on function automation_private.is_safer(jsonb, jsonb, text) is
    'Whether a threshold clears on the safe side of where it fires, or there.';
