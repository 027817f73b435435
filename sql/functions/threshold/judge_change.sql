create or replace function automation_private.judge_change(p_window jsonb, p_config jsonb)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sum constant numeric := (p_window -> 'sum')::numeric;
    v_count constant numeric := (p_window -> 'count')::numeric;
    v_sum_before constant numeric := (p_window -> 'sum_before')::numeric;
    v_count_before constant numeric := (p_window -> 'count_before')::numeric;
begin
    if least(v_count, v_count_before) < coalesce((p_config -> 'min_samples')::numeric, 1) then
        return 'too_few_samples';
    elsif v_sum_before = 0 then
        return 'no_baseline';
    end if;
    -- one division only, so that exactly 30 percent is not a little more
    return automation_private.judge_level(
        100 * (v_sum * v_count_before - v_sum_before * v_count) / (abs(v_sum_before) * v_count),
        p_config
    );
end;
$$;

comment on function automation_private.judge_change(jsonb, jsonb) is
    'How the mean of a window compares with that of the window before it: fire, keep, clear, or '
    'why it cannot be compared.';
