create or replace function automation_private.read_condition_set(
    p_org_id uuid, p_name text, p_condition jsonb
)
returns automation_private.compiled_condition
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled automation_private.compiled_condition := automation_private.compile_either(
        automation_private.expand_condition(p_org_id, p_condition, array[p_name]));
begin
    v_compiled.tree := automation_private.keep_references(p_condition, v_compiled.tree);
    v_compiled.errors := coalesce(
        automation_private.place_reference_errors(v_compiled.errors, p_condition, '{""}'),
        automation_private.check_dependents(p_org_id, p_name, v_compiled.tree));
    return v_compiled;
end
$$;

comment on function automation_private.read_condition_set(uuid, text, jsonb) is
'What is to become a condition set: its canonical tree with references as they are, and what is
wrong with it, or with other sets because of it.';
