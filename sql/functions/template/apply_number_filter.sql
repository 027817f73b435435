create or replace function automation_private.apply_number_filter(p_value jsonb, p_filter jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number numeric := automation_private.read_number(p_value);
    v_digits integer := (p_filter ->> 1)::integer;
begin
    if p_filter ->> 0 = 'round' then
        return to_jsonb(round(v_number, coalesce(v_digits, 0)));
    elsif v_digits is null then
        return to_jsonb(v_number);
    end if;
    return to_jsonb(automation_private.format_number(
        v_number, v_digits, coalesce(p_filter ->> 2, ','), coalesce(p_filter ->> 3, '.')));
end;
$$;

comment on function automation_private.apply_number_filter(jsonb, jsonb) is
    'The filters number and round: a number, or text when number says how many decimals; null '
    'when the value is no number.';
