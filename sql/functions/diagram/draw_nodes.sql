create or replace function automation_private.draw_nodes(
    p_steps automation_private.compiled_step[],
    p_homes int[],
    p_edges automation_private.diagram_edge[],
    p_tallies jsonb
)
returns text
language sql
immutable
begin atomic
    -- a path names the bodies around a node, from the outside inwards
    with recursive placed (step, path) as (
        select h.ordinality::int, array[h.ordinality::int]
        from unnest(p_homes) with ordinality as h (home)
        where h.home = 0
        union all
        select h.ordinality::int, p.path || h.ordinality::int
        from placed as p
        inner join unnest(p_homes) with ordinality as h (home) on p.step = h.home
    ),

    step as (
        select
            s.ordinality::int as step, s.source, s.runs,
            p_tallies -> coalesce(s.step_key, '') as tally, p.path
        from unnest(p_steps) with ordinality as s
        inner join placed as p on s.ordinality = p.step
    ),

    line (path, indent, text) as (
        select
            s.path, cardinality(s.path), automation_private.draw_node(
                's' || s.step, automation_private.node_shape(s.source ->> 'type'),
                automation_private.label_step(s.source, s.tally),
                case
                    when p_tallies is not null then coalesce(s.tally ->> 'status', 'unreached')
                end
            )
        from step as s
        union all
        select s.path || e.place, cardinality(s.path), e.text
        from step as s
        cross join lateral (
            values
            (
                0, format(
                    'subgraph b%s["%s"]', s.step, automation_private.escape_label(
                        coalesce(s.source ->> 'name', s.source ->> 'id'), 60
                    )
                )
            ),
            (2147483647, 'end')
        ) as e (place, text)
        where s.step = any (p_homes)
        union all
        select s.path || 2147483646, cardinality(s.path) + 1, 'out' || s.step || '((" "))'
        from step as s
        where s.step = any (p_homes)
            and exists (select from unnest(p_edges) as e where e.target = 'out' || s.step)
    )

    select string_agg(repeat('    ', l.indent) || l.text, e'\n' order by l.path)
    from line as l;
end;

comment on function automation_private.draw_nodes(
    automation_private.compiled_step[], int[], automation_private.diagram_edge[], jsonb
) is
    'The nodes of all steps, those of a body in a subgraph b<n> with the end of the body.';
