create or replace function automation_private.find_fault(p_sample jsonb, p_config jsonb)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type constant text := coalesce(jsonb_typeof(p_sample -> 'value'), 'null');
    v_denominator jsonb;
    v_value numeric;
begin
    if v_type <> 'number' then
        return case v_type when 'null' then 'no_data' else 'type_mismatch' end;
    end if;
    v_value := (p_sample -> 'value')::numeric;
    if abs(v_value) >= 1e38 or min_scale(v_value) > 38 then
        return 'out_of_range';
    elsif p_config ? 'min_denominator' then
        v_denominator := coalesce(p_sample -> 'denominator', 'null');
        return case
            when jsonb_typeof(v_denominator) not in ('null', 'number') then 'type_mismatch'
            when v_denominator = 'null' or v_denominator < p_config -> 'min_denominator'
                then 'low_denominator'
        end;
    end if;
    return null;
end;
$$;

comment on function automation_private.find_fault(jsonb, jsonb) is
    'Why a sample says nothing about the value; null when it does.';
