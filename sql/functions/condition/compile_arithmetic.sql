create or replace function automation_private.compile_arithmetic(
    p_op text, p_operands jsonb, p_mode text, p_roots text[], p_depth int
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value jsonb;
    v_operand jsonb;
    v_reads jsonb := '[]'::jsonb;
    v_paths text[] := '{}'::text[];
begin
    if p_op = 'neg' then
        p_operands := jsonb_build_array(p_operands);
    elsif jsonb_typeof(p_operands) <> 'array'
        or jsonb_array_length(p_operands) not between 2 and 200
    then
        return automation_private.condition_error('invalid_value', format(
            '%s takes a list of two or more operands', p_op));
    end if;
    for v_value in select * from jsonb_array_elements(p_operands) loop
        v_operand := automation_private.compile_operand(v_value, p_mode, p_roots, p_depth);
        if v_operand ? 'error' then
            return v_operand;
        elsif v_operand ->> 'kind' = 'now'
            or v_operand ->> 'kind' = 'constant' and jsonb_typeof(v_value) <> 'number'
        then
            return automation_private.condition_error('not_a_number', format(
                '%s cannot stand in arithmetic', left(v_value::text, 64)));
        elsif v_operand ->> 'path' like '%[*]%' then
            return automation_private.condition_error('not_a_number',
                'a list cannot stand in arithmetic');
        end if;
        v_reads := v_reads || coalesce(v_operand -> 'reads', '[]');
        v_paths := v_paths || (v_operand ->> 'path');
    end loop;
    return jsonb_build_object('kind', 'number', 'reads', v_reads, 'path', case p_op
        when 'neg' then format('(-%s)', v_paths[1])
        else format('(%s)', array_to_string(v_paths, case p_op
            when 'add' then ' + ' when 'sub' then ' - ' when 'mul' then ' * ' else ' / ' end))
        end);
end
$$;

comment on function automation_private.compile_arithmetic(text, jsonb, text, text[], int) is
'Arithmetic as one jsonpath that gives a number: {kind: number, path, reads} or {error}.';
