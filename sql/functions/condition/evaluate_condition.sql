create or replace function automation.evaluate_condition(
    p_condition jsonb,
    p_context jsonb,
    p_old jsonb default null,
    p_as_of timestamptz default null,
    p_timezone text default 'UTC'
)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_condition :=
        automation_private.require_condition(p_condition, p_timezone);
    v_doc jsonb := automation_private.condition_document(p_context, p_old);
begin
    return jsonb_path_match(v_doc, v_compiled.path, automation_private.condition_vars(
        v_compiled.derived, v_doc, coalesce(p_as_of, automation_private.clock()), p_timezone
    ), true);
end
$$;

comment on function automation.evaluate_condition(jsonb, jsonb, jsonb, timestamptz, text) is
'Whether a row meets a condition: true, false, or null when the condition cannot be decided (a type
mismatch, arithmetic without a value). The condition is a tree or a JSON text such as
''"roi > 200"''; bare names are fields of p_context, old.<name> those of p_old. Raises MA201 when
the condition is invalid.';
