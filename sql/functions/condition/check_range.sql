create or replace function automation_private.check_range(p_value jsonb, p_type text, p_rank jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_lower jsonb := p_value -> 0;
    v_upper jsonb := p_value -> 1;
    v_error jsonb;
begin
    if jsonb_typeof(p_value) <> 'array' or jsonb_array_length(p_value) <> 2 then
        return automation_private.condition_error('not_a_range', 'two bounds are expected',
            'write [1, 5] or {"min": 1, "max": 5}');
    end if;
    v_error := coalesce(automation_private.check_constant('range', v_lower, p_type, p_rank),
        automation_private.check_constant('range', v_upper, p_type, p_rank));
    if v_error is not null or jsonb_typeof(v_lower) = 'object' or jsonb_typeof(v_upper) = 'object'
    then
        return v_error;
    elsif jsonb_typeof(v_lower) <> jsonb_typeof(v_upper) then
        return automation_private.condition_error('type_mismatch',
            'both bounds are numbers, or both are dates');
    elsif (case
        when p_rank is not null then (
            select bool_or(r.value = v_upper and exists (
                select from jsonb_array_elements(p_rank) with ordinality as l (value, at)
                where l.value = v_lower and l.at > r.at
            ))
            from jsonb_array_elements(p_rank) with ordinality as r (value, at)
        )
        when jsonb_typeof(v_lower) = 'number' then v_lower::numeric > v_upper::numeric
        else automation_private.parse_instant(v_lower #>> '{}', 'UTC')
            - automation_private.parse_instant(v_upper #>> '{}', 'UTC')
            > case when length(v_lower::text) = length(v_upper::text) then interval '0'
                else interval '1 day' end
        end)
    then
        return automation_private.condition_error('empty_range',
            'the lower bound is above the upper bound');
    end if;
    return null;
end
$$;

comment on function automation_private.check_range(jsonb, text, jsonb) is
'Why two bounds are no range, as {error}; null when they are.';
