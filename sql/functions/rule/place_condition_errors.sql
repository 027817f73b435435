create or replace function automation_private.place_condition_errors(
    p_errors jsonb,
    p_is_list boolean
)
returns jsonb
language sql
immutable
return case
    when not p_is_list then p_errors
    else (
        select jsonb_agg(
            e.value || jsonb_build_object(
                'pointer', regexp_replace(
                    e.value ->> 'pointer', '^/conditions/(all|any)', '/conditions'
                )
            )
            order by e.ordinality
        )
        from jsonb_array_elements(p_errors) with ordinality as e
    )
end;

comment on function automation_private.place_condition_errors(jsonb, boolean) is
    'Errors of conditions with pointers into the list that they were written as.';
