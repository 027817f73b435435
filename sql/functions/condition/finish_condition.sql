create or replace function automation_private.finish_condition(p_result jsonb, p_pointer text)
returns automation_private.compiled_condition
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_condition;
    v_error jsonb := case
        when (p_result ->> 'weight')::int > 100 then automation_private.condition_error(
            'invalid_pattern',
            'the patterns of a condition are together too complex: each counts 5, and 1 more for '
            'every wildcard, class and counted repetition; 100 are allowed')
        when length(p_result ->> 'path') > 500000 then automation_private.condition_error(
            'too_long', 'the condition is too long') end;
begin
    if v_error is not null then
        p_result := automation_private.locate_error(v_error -> 'error', p_pointer, null, null);
    end if;
    if p_result ? 'errors' then
        v_compiled.errors := p_result -> 'errors';
        return v_compiled;
    end if;
    v_compiled.tree := p_result -> 'tree';
    v_compiled.path := (p_result ->> 'path')::jsonpath;
    v_compiled.derived := nullif(p_result -> 'derived', '{}');
    v_compiled.reads := array(
        select distinct r from jsonb_array_elements_text(p_result -> 'reads') as r order by r
    );
    return v_compiled;
end
$$;

comment on function automation_private.finish_condition(jsonb, text) is
'What compile_node or compile_operand found, as the composite that is stored.';
