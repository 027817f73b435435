create or replace function automation.validate_rule(p_rule jsonb)
returns table (pointer text, code text, severity text, message text, hint text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_permission('view');
    perform automation_private.require_definition_size(p_rule);
    return query
    select
        e.value ->> 'pointer', e.value ->> 'code', coalesce(e.value ->> 'severity', 'error'),
        e.value ->> 'message', e.value ->> 'hint'
    from jsonb_array_elements(
        (automation_private.read_rule(p_rule)).errors
    ) with ordinality as e
    order by e.ordinality;
end;
$$;

comment on function automation.validate_rule(jsonb) is
    'Everything that is wrong with a rule, all at once: where (JSON pointer), what kind, in '
    'words, and what to do about it. No row: it can be created. Needs view.';
