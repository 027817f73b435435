create or replace function automation_private.is_way_taken(
    p_edge automation_private.diagram_edge,
    p_step_type text,
    p_tally jsonb
)
returns boolean
language sql
immutable
return p_tally is not null and case
    when p_edge.role = 'body' then p_tally -> 'entered' <> '0'
    when p_edge.role = 'error' then p_tally -> 'counts' ? 'failed'
    when p_edge.role = 'next' and p_tally -> 'counts' ? 'skipped' then true
    when p_edge.way is null then p_tally -> 'counts' ? 'completed'
        and coalesce(p_tally #> '{ways,completed}' <> '["timeout"]', true)
    when p_step_type = 'split' then exists (
        select
        from jsonb_each(p_tally -> 'ways') as s
        cross join jsonb_array_elements_text(nullif(s.value, 'null')) as b (names)
        where position(', ' || p_edge.way || ', ' in ', ' || b.names || ', ') > 0
    )
    else p_tally #> '{ways,completed}' ? p_edge.way
end;

comment on function automation_private.is_way_taken(
    automation_private.diagram_edge, text, jsonb
) is
    'Whether a token has gone along a line of the diagram, as tally_steps tells.';
