create or replace function automation_private.append_value(
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
    v_window constant jsonb := automation_private.slide_values(
        p_window, null, least((p_config -> 'window_samples')::int, 1000) - 1
    );
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'values', coalesce(v_window -> 'values', '[]') || to_jsonb(p_value),
        'times', case
            when p_config ? 'window_seconds'
                then coalesce(v_window -> 'times', '[]') || to_jsonb(p_at)
        end,
        -- exact, because they are numeric: nothing drifts
        'sum', coalesce((v_window -> 'sum')::numeric, 0) + p_value,
        'squares', coalesce((v_window -> 'squares')::numeric, 0) + p_value * p_value
    ));
end;
$$;

comment on function automation_private.append_value(jsonb, numeric, numeric, jsonb) is
    'A window with one more value, its sum and the sum of its squares; of too many values the '
    'oldest is forgotten.';
