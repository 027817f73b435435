create or replace function automation_private.draw_edges(
    p_steps automation_private.compiled_step[],
    p_homes int[],
    p_edges automation_private.diagram_edge[],
    p_tallies jsonb
)
returns text
language sql
immutable
begin atomic
    select string_agg(distinct_line.text, e'\n' order by distinct_line.place)
    from (
        select l.text, min(l.place) as place
        from (
            select
                format(
                    '    s%s %s%s %s', e.source,
                    case
                        when automation_private.is_way_taken(
                            (e.source, e.target, e.role, e.way, e.label)
                            ::automation_private.diagram_edge,
                            (p_steps[e.source]).step_type,
                            p_tallies -> coalesce((p_steps[e.source]).step_key, '')
                        ) then '==>'
                        when e.role in ('error', 'condition_error') or e.way = 'timeout' then '-.->'
                        else '-->'
                    end,
                    '|"' || nullif(automation_private.escape_label(e.label, 60), '') || '"|',
                    e.target
                ) as text,
                e.ordinality as place
            from unnest(p_edges) with ordinality as e
            union all
            -- the end of a body leads back to what it belongs to
            select distinct
                format('    %s -.-> s%s', e.target, substr(e.target, 4)), 1000000
            from unnest(p_edges) as e
            where e.target like 'out%' and e.target <> 'out0'
        ) as l
        group by l.text
    ) as distinct_line;
end;

comment on function automation_private.draw_edges(
    automation_private.compiled_step[], int[], automation_private.diagram_edge[], jsonb
) is
    'The lines between steps: thick where an instance has gone, dotted where something goes wrong.';
