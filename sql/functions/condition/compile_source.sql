create or replace function automation_private.compile_source(
    p_text text, p_mode text, p_roots text[], p_lean boolean, p_pointer text, p_depth int
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parsed jsonb;
    v_node jsonb;
begin
    if octet_length(p_text) > 10240 then
        return automation_private.locate_error(automation_private.condition_error('too_long',
            'the string form has at most 10 kB', 'use the tree form') -> 'error',
            p_pointer, null, null);
    end if;
    v_parsed := automation_private.parse_condition(p_text);
    v_node := automation_private.as_condition(v_parsed -> 'result');
    if v_node is null then
        v_parsed := coalesce(v_parsed, '{}') || case when v_parsed ? 'error' then '{}'
            else automation_private.parse_failure((v_parsed -> 'result' ->> 'at')::int,
                'expected a comparison such as roi > 200, found a value') end;
        return automation_private.locate_error(v_parsed -> 'error', p_pointer, p_text,
            (v_parsed -> 'error' ->> 'at')::int);
    end if;
    return automation_private.compile_node(
        v_node, p_mode, p_roots, p_lean, p_pointer, p_depth, p_text);
end
$$;

comment on function automation_private.compile_source(text, text, text[], boolean, text, int) is
'The string form of a condition, parsed and compiled like the same tree; errors name line and
column.';
