create or replace function automation_private.draw_diagram(
    p_definition jsonb,
    p_instance automation.workflow_instances
)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_steps constant automation_private.compiled_step[] := (
        automation_private.read_definition(p_definition)
    ).steps;
    v_homes constant int[] := automation_private.find_homes(v_steps);
    v_edges constant automation_private.diagram_edge[] := automation_private.list_ways(
        v_steps, v_homes
    );
    v_tallies constant jsonb := case
        when p_instance.instance_id is not null
            then automation_private.tally_steps(p_instance.org_id, p_instance.instance_id)
    end;
begin
    return concat_ws(
        e'\n',
        'flowchart TD',
        automation_private.draw_ends(
            v_steps, v_edges, p_definition -> 'trigger', v_tallies, p_instance
        ),
        automation_private.draw_nodes(v_steps, v_homes, v_edges, v_tallies),
        automation_private.draw_edges(v_steps, v_homes, v_edges, v_tallies),
        case when v_tallies is not null then automation_private.draw_classes() end
    ) || e'\n';
end;
$$;

comment on function automation_private.draw_diagram(jsonb, automation.workflow_instances) is
    'A definition as a Mermaid flowchart, with the state of an instance if there is one.';
