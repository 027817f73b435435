create or replace function automation_private.slide_values(
    p_window jsonb,
    p_since numeric,
    p_most int
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_values constant jsonb := p_window -> 'values';
    v_times constant jsonb := p_window -> 'times';
    v_gone int := greatest(jsonb_array_length(v_values) - p_most, 0);
    v_sum numeric := (p_window -> 'sum')::numeric;
    v_squares numeric := (p_window -> 'squares')::numeric;
    v_value numeric;
begin
    while (v_times -> v_gone)::numeric <= p_since loop
        v_gone := v_gone + 1;
    end loop;
    if v_gone = 0 then
        return p_window;
    end if;
    for v_at in 0..v_gone - 1 loop
        v_value := (v_values -> v_at)::numeric;
        v_sum := v_sum - v_value;
        v_squares := v_squares - v_value * v_value;
    end loop;
    return jsonb_strip_nulls(jsonb_build_object(
        'values', automation_private.drop_first(v_values, v_gone),
        'times', automation_private.drop_first(v_times, v_gone),
        'sum', v_sum, 'squares', v_squares
    ));
end;
$$;

comment on function automation_private.slide_values(jsonb, numeric, int) is
    'A window without the values of that time and earlier, and at most so many.';
