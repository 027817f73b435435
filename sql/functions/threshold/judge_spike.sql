create or replace function automation_private.judge_spike(
    p_window jsonb,
    p_value numeric,
    p_config jsonb
)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count constant int := coalesce(jsonb_array_length(p_window -> 'values'), 0);
    v_sum constant numeric := (p_window -> 'sum')::numeric;
    v_sigma constant numeric := (p_config -> 'sigma')::numeric;
    v_excess constant numeric := p_value * v_count - v_sum;
begin
    if v_count < (p_config -> 'min_samples')::int then
        return 'too_few_samples';
    end if;
    -- value > mean + sigma * deviation, squared, which is exact
    return case
        when v_excess > 0
            and v_excess * v_excess > v_sigma * v_sigma
            * (v_count * (p_window -> 'squares')::numeric - v_sum * v_sum)
            and (not p_config ? 'min_absolute' or p_value >= (p_config -> 'min_absolute')::numeric)
            then 'fire'
        else 'clear'
    end;
end;
$$;

comment on function automation_private.judge_spike(jsonb, numeric, jsonb) is
    'Whether a value stands out from the values before it (fire, clear), or that there are too few '
    'of them.';
