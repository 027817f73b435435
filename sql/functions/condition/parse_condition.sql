create or replace function automation_private.parse_condition(p_text text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens constant jsonb := automation_private.tokenise_condition(p_text);
    v_at int := 0;
    v_token jsonb;
    v_word text;
    v_operators jsonb := '[]'::jsonb;
    v_operands jsonb := '[]'::jsonb;
    v_wants_operand boolean := true;
    v_next jsonb;
begin
    loop
        v_token := v_tokens -> v_at;
        v_word := lower(v_token ->> 'source');
        if v_wants_operand then
            if v_token ->> 'kind' <> 'text' and v_word in ('(', 'not', '-') then
                v_operators := v_operators || jsonb_build_object('at', v_token -> 'at', 'op',
                    case v_word when '-' then 'neg' else v_word end, 'rank',
                    case v_word when '(' then 0 when 'not' then 3 else 7 end);
                v_at := v_at + 1;
            else
                v_next := case
                    when v_word = '[' or v_token ->> 'kind' = 'symbol' then null
                    when v_word in ('and', 'or') then null
                    else automation_private.read_operand(v_token) end;
                if v_next is null then
                    v_next := automation_private.parse_failure((v_token ->> 'at')::int,
                        case v_token ->> 'kind'
                            when 'number' then 'expected a number of at most 38 digits'
                            when 'text' then 'expected a text with no escapes but '
                                '\n \t \\ \'' \" \uXXXX'
                            else 'expected a field, a value or "("' end, v_token);
                    exit;
                end if;
                v_operands := v_operands || v_next;
                v_wants_operand := false;
                v_at := v_at + 1;
            end if;
        else
            v_next := automation_private.place_operator(v_tokens, v_at, v_operators, v_operands);
            exit when v_next ?| '{error,result}';
            v_operators := v_next -> 'operators';
            v_operands := v_next -> 'operands';
            v_wants_operand := (v_next -> 'wants_operand')::boolean;
            v_at := (v_next -> 'next')::int;
        end if;
        if jsonb_array_length(v_operators) > 40 then
            v_next := automation_private.parse_failure(
                (v_token ->> 'at')::int, 'nested too deeply');
            exit;
        end if;
    end loop;
    return v_next;
end
$$;

comment on function automation_private.parse_condition(text) is
'The string form read by operator precedence: {result: {kind, value, at}} with kind condition or
value, or {error: {at, message}}.';
