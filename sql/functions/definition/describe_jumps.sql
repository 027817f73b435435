create or replace function automation_private.describe_jumps(
    p_steps automation_private.compiled_step[],
    p_edges automation_private.step_edge[],
    p_jumps automation_private.step_jump[]
)
returns jsonb
language sql
immutable
begin atomic
    select jsonb_agg(
        case
            when x.leaves and x.enters then automation_private.build_error(
                x.pointer, 'jumps_out_of_body',
                format(
                    'the body of "%s" begins at "%s", which stands outside of it', x.body, x.target
                ),
                'a body has steps of its own, which nothing else leads to'
            )
            when x.leaves then automation_private.build_error(
                x.pointer, 'jumps_out_of_body',
                format(
                    '"%s" stands in the body of "%s", "%s" does not', x.source, x.body, x.target
                ),
                format(
                    'let the body end, and name what follows in the "next" of "%s"', x.body
                )
            )
            else automation_private.build_error(
                x.pointer, 'jumps_into_body',
                format(
                    '"%s" leads to "%s", which stands in the body of "%s"', x.source, x.target,
                    x.body
                ),
                format('only "%s" itself can begin its body: lead to that', x.body)
            )
        end order by x.edge
    )
    from (
        select distinct on (e.pointer)
            j.edge, j.leaves, e.enters, e.pointer,
            p_steps[j.body].step_key as body,
            p_steps[e.source].step_key as source,
            p_steps[e.target].step_key as target
        from unnest(p_jumps) as j
        inner join unnest(p_edges) with ordinality as e on j.edge = e.ordinality
        where e.pointer is not null
        order by e.pointer, j.edge, j.leaves
    ) as x;
end;

comment on function automation_private.describe_jumps(
    automation_private.compiled_step[],
    automation_private.step_edge[],
    automation_private.step_jump[]
) is
    'The errors of ways that lead out of a body or into one.';
