create or replace function automation_private.find_regions(
    p_steps automation_private.compiled_step[],
    p_edges automation_private.step_edge[],
    p_walk int[],
    p_earlier bit varying[]
)
returns automation_private.body_plan
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_plan automation_private.body_plan;
    v_jumps automation_private.step_jump[];
begin
    v_plan.edges := array(
        select (e.source, e.target, e.opens, e.enters, e.pointer)::automation_private.step_edge
        from unnest(p_edges) with ordinality as e
        where e.source = any (p_walk)
        order by e.ordinality
    );
    -- what is wrong is reported and taken away, so that the rest is judged as it was meant
    for v_round in 1 .. 3 loop
        v_plan.regions := automation_private.walk_regions(v_plan.edges);
        v_jumps := automation_private.list_jumps(v_plan.edges, v_plan.regions, p_earlier);
        exit when v_jumps is null;
        v_plan.errors := automation_private.collect_errors(
            v_plan.errors,
            automation_private.describe_jumps(p_steps, v_plan.edges, v_jumps)
        );
        v_plan.edges := array(
            select (e.source, e.target, e.opens, e.enters, e.pointer)::automation_private.step_edge
            from unnest(v_plan.edges) with ordinality as e
            where e.ordinality not in (select j.edge from unnest(v_jumps) as j)
            order by e.ordinality
        );
    end loop;
    return v_plan;
end;
$$;

comment on function automation_private.find_regions(
    automation_private.compiled_step[], automation_private.step_edge[], int[], bit varying[]
) is
    'Which step stands in which body, and the errors of jumps into bodies and out of them.';
