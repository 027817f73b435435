create or replace function automation_private.path_before(
    p_merge automation.workflow_definition_steps,
    p_path jsonb
)
returns jsonb
language sql
stable
return (
    select coalesce(jsonb_agg(e.value order by e.ordinality), '[]')
    from jsonb_array_elements(p_path) with ordinality as e
    where e.ordinality < coalesce(
        (
            select x.ordinality
            from jsonb_array_elements_text(p_path) with ordinality as x
            inner join automation.workflow_definition_steps as d
                on d.org_id = p_merge.org_id
                    and d.definition_id = p_merge.definition_id
                    and d.step_key = x.value
                    and d.step_order = p_merge.partner_order
            order by x.ordinality desc
            limit 1
        ),
        jsonb_array_length(p_path) + 1
    )
);

comment on function automation_private.path_before(
    automation.workflow_definition_steps, jsonb
) is
    'What is still around a token behind a merge: what is around the merge''s split.';
