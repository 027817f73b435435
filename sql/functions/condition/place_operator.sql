create or replace function automation_private.place_operator(
    p_tokens jsonb, p_at int, p_operators jsonb, p_operands jsonb
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token constant jsonb := p_tokens -> p_at;
    v_position constant int := (v_token ->> 'at')::int;
    v_operator jsonb := automation_private.read_operator(p_tokens, p_at)
        || jsonb_build_object('at', v_position);
    v_closes constant boolean := v_token ->> 'source' = ')' or v_token ->> 'kind' = 'end';
    v_next int := p_at + coalesce((v_operator ->> 'words')::int, 1);
    v_stacks jsonb;
    v_open boolean;
    v_item jsonb;
begin
    if v_operator is null and not v_closes then
        return automation_private.parse_failure(v_position, 'expected an operator, "and" or "or"',
            v_token);
    end if;
    v_stacks := automation_private.reduce_operators(p_operators, p_operands, case
        when v_closes then 1
        when v_operator ->> 'op' = 'and' or v_operator ->> 'shape' in ('none', 'change') then 5
        else (v_operator ->> 'rank')::int end);
    if v_operator ->> 'op' = 'and' and v_stacks -> 'operators' -> -1 ->> 'shape' = 'range'
        and not v_stacks -> 'operators' -> -1 ? 'has_upper'
    then
        return jsonb_insert(v_stacks, '{operators,-1,has_upper}', 'true')
            || jsonb_build_object('wants_operand', true, 'next', v_next);
    elsif v_operator ->> 'op' = 'and' and not v_stacks ? 'error' then
        v_stacks := automation_private.reduce_operators(
            v_stacks -> 'operators', v_stacks -> 'operands', 2);
    end if;
    if v_stacks ? 'error' then
        return v_stacks;
    end if;

    v_open := v_stacks -> 'operators' -> -1 ->> 'op' = '(';
    if v_token ->> 'kind' = 'end' then
        if v_open then
            return automation_private.parse_failure(v_position, 'expected ")"', v_token);
        end if;
        return jsonb_build_object('result', v_stacks -> 'operands' -> 0);
    elsif v_closes then
        if v_open is null or not v_open then
            return automation_private.parse_failure(v_position, 'expected an operator or the end',
                v_token);
        end if;
        v_stacks := v_stacks #- '{operators,-1}';
    elsif v_operator ->> 'shape' in ('none', 'change') then
        v_item := automation_private.build_comparison(
            v_operator, v_stacks -> 'operands' -> -1, null);
        v_stacks := jsonb_set(v_stacks, '{operands,-1}', v_item);
    else
        v_stacks := jsonb_set(v_stacks, '{operators}', v_stacks -> 'operators' || v_operator);
        if v_operator ->> 'shape' in ('list', 'needles', 'days', 'times')
            and p_tokens -> v_next ->> 'source' in ('(', '[')
        then
            v_item := automation_private.read_list(p_tokens, v_next);
            v_stacks := jsonb_set(v_stacks, '{operands}', v_stacks -> 'operands' || v_item);
            v_next := (v_item ->> 'next')::int;
        end if;
    end if;
    if v_item ? 'error' then
        return v_item;
    end if;
    return v_stacks || jsonb_build_object('next', v_next, 'wants_operand',
        not v_closes and v_operator ->> 'shape' not in ('none', 'change') and v_item is null);
end
$$;

comment on function automation_private.place_operator(jsonb, int, jsonb, jsonb) is
'One step of the parser after an operand: {operators, operands, next, wants_operand}, at the end
{result}, or {error}.';
