create or replace function automation_private.compile_expression(
    p_source text, p_mode text, p_roots text[] default '{}', p_pointer text default ''
)
returns automation_private.compiled_condition
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parsed jsonb;
    v_operand jsonb;
begin
    v_parsed := case
        when p_source is null then automation_private.parse_failure(1, 'expected an expression')
        when octet_length(p_source) > 10240
            then automation_private.parse_failure(1, 'expected an expression of at most 10 kB')
        else automation_private.parse_condition(p_source) end;
    if v_parsed -> 'result' ->> 'kind' <> 'value' then
        v_parsed := automation_private.parse_failure((v_parsed -> 'result' ->> 'at')::int,
            'expected a value such as score + 10, found a '
            || (v_parsed -> 'result' ->> 'kind'));
    end if;
    v_operand := case
        when v_parsed ? 'error' then v_parsed
        when v_parsed -> 'result' -> 'value' = 'null' then '{"path": "null"}'
        else automation_private.compile_operand(
            v_parsed -> 'result' -> 'value', p_mode, coalesce(p_roots, '{}')) end;
    if v_operand ->> 'kind' = 'now' then
        v_operand := automation_private.parse_failure(1, 'now cannot stand in an expression');
    end if;
    if v_operand ? 'error' then
        v_operand := automation_private.locate_error(v_operand -> 'error', p_pointer, p_source,
            coalesce((v_operand -> 'error' ->> 'at')::int, 1));
    end if;
    return automation_private.finish_condition(v_operand, p_pointer);
end
$$;

comment on function automation_private.compile_expression(text, text, text[], text) is
'An expression such as score + 10 as a jsonpath that gives one value; never raises, errors say what
is wrong. No value, and a division by zero, make jsonb_path_query_first give null when silent.';
