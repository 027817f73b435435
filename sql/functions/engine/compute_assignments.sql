create or replace function automation_private.compute_assignments(
    p_values jsonb,
    p_cases jsonb,
    p_context jsonb,
    p_now timestamptz,
    p_timezone text
)
returns automation_private.rendered
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_result automation_private.rendered := (
        coalesce(p_values -> 'values', '{}'), null::jsonb
    );
    v_case record;
    v_old jsonb;
    v_new jsonb;
begin
    if p_cases is null then
        return v_result;
    end if;
    for v_case in
        select c.name, c.kind, c.path, c.derived
        from jsonb_to_recordset(p_cases) as c (name text, kind text, path text, derived jsonb)
    loop
        v_old := nullif(p_context -> 'vars' -> v_case.name, 'null');
        v_new := v_result.value -> v_case.name;
        v_new := case
            when v_case.kind = 'expr' then jsonb_path_query_first(
                p_context,
                v_case.path::jsonpath,
                automation_private.condition_vars(
                    nullif(v_case.derived, 'null'), p_context, p_now, p_timezone
                ),
                true
            )
            when v_case.kind = 'append' and coalesce(jsonb_typeof(v_old), 'array') = 'array'
                then coalesce(v_old, '[]') || jsonb_build_array(v_new)
            when v_case.kind = 'merge'
                and coalesce(jsonb_typeof(v_old), 'object') = 'object'
                and jsonb_typeof(v_new) = 'object'
                then coalesce(v_old, '{}') || v_new
        end;
        if v_new is null or automation_private.has_wild_number(v_new) then
            v_result.error := automation_private.error_object(
                'assignment_error',
                'invalid',
                format('"%s" cannot be computed (%s)', v_case.name, v_case.kind)
            );
            return v_result;
        end if;
        v_result.value := v_result.value || jsonb_build_object(v_case.name, v_new);
    end loop;
    return v_result;
end;
$$;

comment on function automation_private.compute_assignments(
    jsonb, jsonb, jsonb, timestamptz, text
) is
    'The values a set step assigns: rendered ones as they are, expressions computed, append and '
    'merge laid over the present value; all against the context before the step.';
