create or replace function automation_private.draw_ends(
    p_steps automation_private.compiled_step[],
    p_edges automation_private.diagram_edge[],
    p_trigger jsonb,
    p_tallies jsonb,
    p_instance automation.workflow_instances
)
returns text
language sql
immutable
begin atomic
    select string_agg('    ' || l.text, e'\n' order by l.place)
    from (
        select 1 as place, automation_private.draw_node(
            'go', '{"([","])"}', concat_ws(
                '<br/>', 'start',
                nullif(automation_private.escape_label(concat_ws(
                    ' ', p_trigger ->> 'type',
                    coalesce(p_trigger ->> 'event', p_trigger #>> '{config,event}')
                ), 60), '')
            ), null
        ) as text
        union all
        select 2, case
            when p_tallies -> (p_steps[1]).step_key is null then 'go --> s1' else 'go ==> s1'
        end
        where cardinality(p_steps) > 0
        union all
        select 3, automation_private.draw_node(
            'out0', '{"([","])"}', coalesce(
                case
                    when p_instance.completed_at is not null then automation_private.escape_label(
                        concat_ws(': ', p_instance.status, p_instance.stop_reason), 60
                    )
                end, 'end'
            ), case
                when p_tallies is null then null
                when p_instance.completed_at is not null then p_instance.status
                else 'unreached'
            end
        )
        where exists (select from unnest(p_edges) as e where e.target = 'out0')
        union all
        select 4, automation_private.draw_node(
            e.target, '{"[","]"}', '#63;', null
        )
        from unnest(p_edges) as e
        where e.target like 'x%'
    ) as l;
end;

comment on function automation_private.draw_ends(
    automation_private.compiled_step[], automation_private.diagram_edge[], jsonb, jsonb,
    automation.workflow_instances
) is
    'Where a diagram begins, where tokens end, and what links lead to that lead nowhere.';
