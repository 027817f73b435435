create or replace function automation_private.choose_cases(
    p_cases jsonb,
    p_first_only boolean,
    p_context jsonb,
    p_now timestamptz,
    p_timezone text
)
returns automation_private.choice
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_choice automation_private.choice := (
        '{}'::int[], '{}'::text[], false, null::jsonb
    );
    v_case jsonb;
    v_truth boolean;
begin
    for v_case in
        select c.value from jsonb_array_elements(p_cases) as c
    loop
        v_truth := v_case ->> 'path' is null or jsonb_path_match(
            p_context,
            (v_case ->> 'path')::jsonpath,
            automation_private.condition_vars(
                nullif(v_case -> 'derived', 'null'), p_context, p_now, p_timezone
            ),
            true
        );
        if v_truth is null then
            v_choice.failed := true;
            return v_choice;
        end if;
        if v_truth then
            v_choice.orders := v_choice.orders || (v_case ->> 'order')::int;
            v_choice.names := v_choice.names || (v_case ->> 'name');
            exit when p_first_only;
        end if;
    end loop;
    return v_choice;
end;
$$;

comment on function automation_private.choose_cases(jsonb, boolean, jsonb, timestamptz, text) is
    'The guards that hold, in order: the first only (condition) or all of them (matching split). A '
    'guard that cannot be decided before that fails the choice.';
