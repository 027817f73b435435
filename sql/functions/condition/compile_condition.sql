create or replace function automation_private.compile_condition(
    p_source jsonb, p_mode text, p_roots text[] default '{}', p_pointer text default ''
)
returns automation_private.compiled_condition
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := p_source::text;
begin
    if octet_length(v_text) > 262144 then
        return automation_private.finish_condition(automation_private.locate_error(
            automation_private.condition_error('too_long', 'a condition has at most 256 KiB')
            -> 'error', p_pointer, null, null), p_pointer);
    end if;
    return automation_private.finish_condition(automation_private.compile_node(
        p_source, p_mode, coalesce(p_roots, '{}'),
        regexp_count(v_text, 'contain|includ|ends_with') > 5, p_pointer, 1), p_pointer);
end
$$;

comment on function automation_private.compile_condition(jsonb, text, text[], text) is
'A condition, string form or tree, made ready to evaluate; never raises: everything wrong with it is
in errors. Mode step reads bare names from vars, mode row from new.';
