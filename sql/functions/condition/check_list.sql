create or replace function automation_private.check_list(p_shape text, p_value jsonb, p_type text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_types text[];
    v_error jsonb;
begin
    if jsonb_typeof(p_value) = 'object' then
        return null;
    elsif jsonb_typeof(p_value) <> 'array' then
        return automation_private.condition_error('not_a_list', 'a list is expected',
            'write ["a", "b"], or in string form (''a'', ''b'')');
    elsif jsonb_array_length(p_value) not between 1 and 1000 then
        return automation_private.condition_error(
            case p_value when '[]' then 'empty_list' else 'list_too_long' end,
            'a list has 1 to 1,000 constants');
    end if;

    select array_agg(distinct jsonb_typeof(e)) into v_types from jsonb_array_elements(p_value) as e;
    if 'null' = any (v_types) then
        return automation_private.condition_error('null_in_list', 'a list holds no null',
            'add: or … is not set');
    elsif v_types && '{array,object}' then
        return automation_private.condition_error('not_a_scalar', 'a list holds only constants');
    elsif cardinality(v_types) > 1 then
        return automation_private.condition_error('mixed_list',
            format('a list holds constants of one type, this one %s',
            array_to_string(v_types, ' and ')));
    end if;
    select e.error into v_error
    from jsonb_array_elements(p_value) as l (value),
        automation_private.check_constant(p_shape, l.value, p_type, null) as e (error)
    where e.error is not null
    limit 1;
    return v_error;
end
$$;

comment on function automation_private.check_list(text, jsonb, text) is
'Why a list cannot be what an operator compares with, as {error}; null when it can.';
