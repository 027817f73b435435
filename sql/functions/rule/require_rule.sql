create or replace function automation_private.require_rule(p_rule jsonb)
returns automation_private.compiled_rule
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_rule;
    v_errors jsonb;
begin
    perform automation_private.require_definition_size(p_rule);
    v_compiled := automation_private.read_rule(p_rule);
    select jsonb_agg(e.value order by e.ordinality) into v_errors
    from jsonb_array_elements(v_compiled.errors) with ordinality as e
    where coalesce(e.value ->> 'severity', 'error') = 'error';
    if v_errors is not null then
        raise exception using
            errcode = 'MA200',
            message = format('the rule is invalid: %s', case jsonb_array_length(v_errors)
                when 1 then v_errors #>> '{0,message}'
                else jsonb_array_length(v_errors) || ' errors'
            end),
            detail = v_errors::text,
            hint = 'automation.validate_rule lists all errors with their places';
    end if;
    return v_compiled;
end;
$$;

comment on function automation_private.require_rule(jsonb) is
    'A rule made ready; raises MA200 with all errors in its detail, as a JSON list, when it is '
    'invalid.';
