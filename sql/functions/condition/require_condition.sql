create or replace function automation_private.require_condition(
    p_condition jsonb, p_timezone text
)
returns automation_private.compiled_condition
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_expanded constant jsonb := case
        when automation_private.has_references(p_condition)
            and 'view' = any (automation.my_permissions())
            then automation_private.expand_condition(automation.current_org_id(), p_condition)
        else p_condition end;
    v_compiled automation_private.compiled_condition :=
        automation_private.compile_condition(v_expanded, 'row');
begin
    if v_compiled.errors is not null then
        v_compiled.errors := automation_private.place_reference_errors(
            v_compiled.errors, p_condition, '{""}');
        raise exception using errcode = 'MA201',
            message = format('invalid condition: %s', v_compiled.errors -> 0 ->> 'message'),
            detail = v_compiled.errors::text,
            hint = coalesce(v_compiled.errors -> 0 ->> 'hint', '');
    elsif not automation_private.is_timezone(p_timezone) then
        raise exception using errcode = 'MA001',
            message = format('%s is not a timezone', coalesce(to_json(p_timezone)::text, 'null')),
            hint = 'use a name such as Europe/London or UTC';
    end if;
    return v_compiled;
end
$$;

comment on function automation_private.require_condition(jsonb, text) is
'The compiled condition; raises MA201 with all errors as detail when it is invalid, MA001 for an
unknown timezone.';
