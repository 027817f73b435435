create or replace function automation_private.build_comparison(
    p_operator jsonb, p_left jsonb, p_right jsonb, p_upper jsonb default null
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_op text := p_operator ->> 'op';
    v_at int := (p_operator ->> 'at')::int;
    v_subject jsonb := p_left -> 'value';
    v_value jsonb := p_right -> 'value';
    v_side jsonb;
begin
    foreach v_side in array array[p_left, p_right, p_upper] loop
        if v_side ->> 'kind' = 'condition' then
            return automation_private.parse_failure(v_at, format(
                'expected a value on both sides of "%s": comparisons are joined by and, or',
                p_operator ->> 'shown'));
        end if;
    end loop;

    if jsonb_typeof(v_subject) <> 'object' or v_subject ? 'now' then
        if p_left ->> 'kind' = 'value' and jsonb_typeof(v_value) = 'object' and not v_value ? 'now'
        then
            v_op := coalesce('{"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte", "eq": "eq",
                "neq": "neq", "in": "eq", "not_in": "neq"}'::jsonb ->> v_op, '');
            v_value := v_subject;
            v_subject := p_right -> 'value';
        elsif v_subject = '{"now": "PT0S"}' then
            v_subject := '{"field": "now"}';
        else
            v_op := '';
        end if;
        if v_op = '' then
            return automation_private.parse_failure((p_left ->> 'at')::int, format(
                'expected a field on the left of "%s"', p_operator ->> 'shown'));
        end if;
    end if;
    if p_upper is not null then
        v_value := jsonb_build_array(v_value, p_upper -> 'value');
    end if;

    return jsonb_build_object('kind', 'condition', 'at', p_left -> 'at', 'value', jsonb_strip_nulls(
        jsonb_build_object('field', v_subject -> 'field', '@', v_at, 'op', v_op)
        || case when v_subject ? 'field' then '{}' else jsonb_build_object('left', v_subject) end
    ) || case when p_right is null then '{}' else jsonb_build_object('value', v_value) end);
end
$$;

comment on function automation_private.build_comparison(jsonb, jsonb, jsonb, jsonb) is
'The leaf that an operator makes of what stands on its sides, the field first; {error} when
neither side is a field, or one is itself a comparison.';
