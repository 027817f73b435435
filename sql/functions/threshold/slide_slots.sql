create or replace function automation_private.slide_slots(
    p_window jsonb,
    p_at numeric,
    p_length numeric
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_values constant jsonb := p_window -> 'values';
    v_times constant jsonb := p_window -> 'times';
    v_counts constant jsonb := p_window -> 'counts';
    v_sum numeric := (p_window -> 'sum')::numeric;
    v_count bigint := (p_window -> 'count')::bigint;
    v_sum_before numeric := (p_window -> 'sum_before')::numeric;
    v_count_before bigint := (p_window -> 'count_before')::bigint;
    v_before int := (p_window -> 'before')::int;
    v_gone int := 0;
begin
    while (v_times -> v_before)::numeric <= p_at - p_length loop
        v_sum := v_sum - (v_values -> v_before)::numeric;
        v_count := v_count - (v_counts -> v_before)::bigint;
        v_sum_before := v_sum_before + (v_values -> v_before)::numeric;
        v_count_before := v_count_before + (v_counts -> v_before)::bigint;
        v_before := v_before + 1;
    end loop;
    while (v_times -> v_gone)::numeric <= p_at - 2 * p_length loop
        v_sum_before := v_sum_before - (v_values -> v_gone)::numeric;
        v_count_before := v_count_before - (v_counts -> v_gone)::bigint;
        v_gone := v_gone + 1;
    end loop;
    return jsonb_build_object(
        'values', automation_private.drop_first(v_values, v_gone),
        'times', automation_private.drop_first(v_times, v_gone),
        'counts', automation_private.drop_first(v_counts, v_gone),
        'sum', v_sum, 'count', v_count, 'sum_before', v_sum_before,
        'count_before', v_count_before, 'before', v_before - v_gone
    );
end;
$$;

comment on function automation_private.slide_slots(jsonb, numeric, numeric) is
    'The two windows of a relative change as they are at that time: the one that ends then, and '
    'the one before it.';
