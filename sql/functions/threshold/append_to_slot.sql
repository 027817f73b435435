create or replace function automation_private.append_to_slot(
    p_window jsonb,
    p_value numeric,
    p_at numeric,
    p_config jsonb
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_slot constant numeric := (p_config -> 'window_seconds')::numeric / 250;
    v_is_same constant boolean :=
        floor((p_window -> 'times' -> -1)::numeric / v_slot) = floor(p_at / v_slot);
    v_values jsonb := coalesce(p_window -> 'values', '[]');
    v_times jsonb := coalesce(p_window -> 'times', '[]');
    v_counts jsonb := coalesce(p_window -> 'counts', '[]');
begin
    if v_is_same then
        v_values :=
            jsonb_set(v_values, '{-1}', to_jsonb((v_values -> -1)::numeric + p_value));
        v_counts := jsonb_set(v_counts, '{-1}', to_jsonb((v_counts -> -1)::int + 1));
    else
        v_values := v_values || to_jsonb(p_value);
        v_times := v_times || to_jsonb(p_at);
        v_counts := v_counts || '1';
    end if;
    return coalesce(p_window, '{"before": 0, "sum_before": 0, "count_before": 0}')
        || jsonb_build_object(
            'values', v_values, 'times', v_times, 'counts', v_counts,
            'sum', coalesce((p_window -> 'sum')::numeric, 0) + p_value,
            'count', coalesce((p_window -> 'count')::int, 0) + 1
        );
end;
$$;

comment on function automation_private.append_to_slot(jsonb, numeric, numeric, jsonb) is
    'The two windows of a relative change with one more value, summed up with those of the same '
    '250th of a window, so that however many there are the windows stay small.';
