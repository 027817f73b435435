create or replace function automation_private.compile_definition(
    p_definition jsonb,
    p_written jsonb
)
returns automation_private.compiled_definition
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_definition;
    v_count bigint;
begin
    perform automation_private.require_definition_size(p_definition);
    v_compiled := automation_private.read_definition(p_definition);
    v_compiled.errors := automation_private.place_reference_errors(v_compiled.errors, p_written);
    v_count := (
        select count(*)
        from jsonb_array_elements(v_compiled.errors) as e
        where coalesce(e.value ->> 'severity', 'error') = 'error'
    );
    if v_count > 0 then
        raise exception using
            errcode = 'MA200',
            message = format('the definition is invalid: %s', case v_count
                when 1 then v_compiled.errors #>> '{0,message}' else v_count || ' errors'
            end),
            detail = v_compiled.errors::text,
            hint = 'automation.validate_definition lists all errors with their places';
    end if;
    return v_compiled;
end;
$$;

comment on function automation_private.compile_definition(jsonb, jsonb) is
    'A definition compiled for storing; raises MA200 with all errors in its detail, as a JSON '
    'list, with their places in what was written before condition sets were put into it.';
