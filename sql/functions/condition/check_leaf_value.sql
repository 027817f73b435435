create or replace function automation_private.check_leaf_value(p_leaf jsonb, p_shape text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value jsonb := p_leaf -> 'value';
    v_kind text := coalesce(jsonb_typeof(v_value), 'missing');
    v_type text := coalesce(p_leaf ->> 'type', case p_shape when 'instant' then 'timestamp' end);
    v_rank jsonb := p_leaf -> 'rank';
    v_message text;
begin
    if p_shape in ('none', 'change') then
        return case when v_kind <> 'missing' then automation_private.condition_error(
            'unexpected_value', format('%s takes no value', p_leaf ->> 'op')) end;
    elsif v_kind = 'missing' then
        return automation_private.condition_error('missing_value',
            format('%s needs a value', p_leaf ->> 'op'));
    elsif v_kind = 'null' then
        return automation_private.condition_error('null_comparison', 'nothing equals null',
            case p_leaf ->> 'op' when 'neq' then 'use is set' else 'use is not set' end);
    elsif p_shape in ('list', 'needles') then
        return automation_private.check_list(p_shape, v_value, v_type);
    elsif p_shape = 'range' then
        return automation_private.check_range(v_value, v_type, v_rank);
    elsif v_rank is not null and v_kind = 'object' then
        v_message := 'a rank is compared with a constant';
    elsif p_shape in ('scalar', 'order', 'instant', 'needle', 'text') then
        return automation_private.check_constant(p_shape, v_value, v_type, v_rank);
    elsif p_shape = 'pattern' then
        v_message := case v_kind when 'string'
            then automation_private.check_pattern(v_value #>> '{}')
            else 'a pattern is a constant text' end;
        return case when v_message is not null then automation_private.condition_error(
            'invalid_pattern', v_message) end;
    elsif p_shape = 'count' and (v_kind <> 'number' or v_value::numeric not between 0 and 1000000
        or v_value::numeric % 1 <> 0)
    then
        v_message := 'a length is a whole number from 0 to 1,000,000';
    elsif p_shape = 'amount' and (v_kind <> 'number' or v_value::numeric <= 0) then
        v_message := 'an amount is a number above 0';
    elsif p_shape = 'duration' and (v_kind <> 'string'
        or coalesce(automation_private.canonical_duration(v_value #>> '{}')::interval
            <= interval '0', true))
    then
        v_message := 'a duration such as 7d, 2 hours or P1M, of at most 100 years, is expected';
    elsif p_shape = 'days' and (v_kind <> 'array'
        or not v_value <@ '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]' or v_value = '[]')
    then
        v_message := 'days are mon to sun, or 1 (Monday) to 7';
    elsif p_shape = 'times' and (v_kind <> 'array' or jsonb_array_length(v_value) <> 2
        or exists (
            select from jsonb_array_elements_text(v_value) as t
            where coalesce(t !~ '^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$', true)
        )
        or rpad(v_value ->> 0, 8, ':00') = rpad(v_value ->> 1, 8, ':00'))
    then
        v_message := 'two different times of day such as ["09:00", "17:30"] are expected';
    end if;
    return case when v_message is not null
        then automation_private.condition_error('invalid_value', v_message) end;
end
$$;

comment on function automation_private.check_leaf_value(jsonb, text) is
'Why a leaf''s value does not fit its operator, as {error}; null when it fits.';
