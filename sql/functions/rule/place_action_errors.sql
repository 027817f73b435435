create or replace function automation_private.place_action_errors(p_definition jsonb)
returns jsonb
language sql
stable
return (
    select jsonb_agg(
        e.value || jsonb_build_object('pointer', case
            when s.step ? 'x-action'
                then format('/actions/%s%s', s.step ->> 'x-action', s.rest)
            else e.value ->> 'pointer'
        end)
        order by e.ordinality
    )
    from jsonb_array_elements(
        (automation_private.read_definition(p_definition)).errors
    ) with ordinality as e
    cross join lateral (
        select
            p_definition -> 'steps' -> (m.part[1]::int) as step,
            m.part[2] as rest
        from (
            select regexp_match(e.value ->> 'pointer', '^/steps/(\d+)(.*)$') as part
        ) as m
    ) as s
);

comment on function automation_private.place_action_errors(jsonb) is
    'The errors of the definition that a rule''s actions became, with pointers to the actions.';
