create or replace function automation_private.reduce_operators(
    p_operators jsonb, p_operands jsonb, p_rank int
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_operators jsonb := p_operators;
    v_operands jsonb := p_operands;
    v_top jsonb;
    v_item jsonb;
begin
    loop
        v_top := v_operators -> -1;
        exit when v_top is null or (v_top ->> 'rank')::int < p_rank;
        v_operators := v_operators - -1;
        if v_top ->> 'op' in ('not', 'neg') then
            v_item := automation_private.join_operands(v_top, jsonb_build_array(v_operands -> -1));
            v_operands := v_operands - -1;
        elsif v_top ->> 'rank' <> '4' then
            v_item := automation_private.join_operands(v_top,
                jsonb_build_array(v_operands -> -2, v_operands -> -1));
            v_operands := v_operands - -1 - -1;
        elsif v_top ? 'has_upper' then
            v_item := automation_private.build_comparison(
                v_top, v_operands -> -3, v_operands -> -2, v_operands -> -1);
            v_operands := v_operands - -1 - -1 - -1;
        elsif v_top ->> 'shape' = 'range' then
            v_item := automation_private.parse_failure((v_top ->> 'at')::int,
                format('expected "and" and an upper bound after "%s"', v_top ->> 'shown'));
        else
            v_item := automation_private.build_comparison(
                v_top, v_operands -> -2, v_operands -> -1);
            v_operands := v_operands - -1 - -1;
        end if;
        if v_item ? 'error' then
            return v_item;
        end if;
        v_operands := v_operands || v_item;
    end loop;
    return jsonb_build_object('operators', v_operators, 'operands', v_operands);
end
$$;

comment on function automation_private.reduce_operators(jsonb, jsonb, int) is
'Both stacks of the parser after the operators that bind at least so tightly have taken their
operands: {operators, operands} or {error}.';
