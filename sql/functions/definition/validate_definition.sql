create or replace function automation.validate_definition(p_definition jsonb)
returns table (pointer text, code text, severity text, message text, hint text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('view');
begin
    perform automation_private.require_definition_size(p_definition);
    return query
    select
        e.value ->> 'pointer', e.value ->> 'code', coalesce(e.value ->> 'severity', 'error'),
        e.value ->> 'message', e.value ->> 'hint'
    from jsonb_array_elements(automation_private.place_reference_errors(
        (automation_private.read_definition(
            automation_private.expand_definition(v_org, p_definition)
        )).errors,
        p_definition
    )) with ordinality as e
    order by e.ordinality;
end;
$$;

comment on function automation.validate_definition(jsonb) is
    'Everything that is wrong with a definition, all at once: where (JSON pointer), what kind, in '
    'words, and what to do about it. No row: it can be published. Raises MA003 when it is too '
    'large to read.';
