create or replace function automation_private.join_operands(p_operator jsonb, p_operands jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_op text := p_operator ->> 'op';
    v_at int := (p_operator ->> 'at')::int;
    v_left jsonb := p_operands -> 0;
    v_right jsonb := p_operands -> 1;
    v_key text := case v_op when 'and' then 'all' when 'or' then 'any' when '+' then 'add'
        when '-' then 'sub' when '*' then 'mul' when '/' then 'div' else v_op end;
    v_item jsonb;
    v_list jsonb := '[]'::jsonb;
begin
    if v_op in ('and', 'or', 'not') then
        for v_item in select * from jsonb_array_elements(p_operands) loop
            if automation_private.as_condition(v_item) is null then
                return automation_private.parse_failure((v_item ->> 'at')::int, format(
                    'expected a comparison or a field beside "%s", found a value', v_op));
            end if;
        end loop;
        if v_op = 'not' then
            v_item := jsonb_build_object('not', automation_private.as_condition(v_left));
        else
            v_left := automation_private.as_condition(v_left);
            v_item := jsonb_build_object(v_key, coalesce(v_left -> v_key, jsonb_build_array(v_left))
                || jsonb_build_array(automation_private.as_condition(v_right)));
        end if;
        return jsonb_build_object(
            'kind', 'condition', 'at', p_operands -> 0 -> 'at', 'value', v_item);
    elsif v_left ->> 'kind' <> 'value' then
        return automation_private.parse_failure(v_at, format(
            'expected a field or a number before "%s"', v_op));
    elsif v_op = 'neg' then
        v_item := case jsonb_typeof(v_left -> 'value')
            when 'number' then to_jsonb(-(v_left ->> 'value')::numeric)
            else jsonb_build_object('neg', v_left -> 'value') end;
        return jsonb_build_object('kind', 'value', 'at', v_at, 'value', v_item);
    end if;

    v_item := automation_private.shift_now(v_left, v_op, v_right);
    if v_item is not null then
        return jsonb_build_object('kind', 'value', 'at', v_left -> 'at', 'value', v_item);
    elsif v_right ->> 'kind' <> 'value' then
        return automation_private.parse_failure((v_right ->> 'at')::int, format(
            'expected a field or a number after "%s"%s', v_op, case v_right ->> 'kind'
                when 'duration' then '; a duration is added to now, or taken from it' else '' end));
    end if;
    v_list := coalesce(v_left -> 'value' -> v_key, jsonb_build_array(v_left -> 'value'));
    return jsonb_build_object('kind', 'value', 'at', v_left -> 'at', 'value',
        jsonb_build_object(v_key, v_list || jsonb_build_array(v_right -> 'value')));
end
$$;

comment on function automation_private.join_operands(jsonb, jsonb) is
'What and, or, not and arithmetic make of their operands: {kind, value, at} or {error}.';
