create or replace function automation_private.find_homes(
    p_steps automation_private.compiled_step[]
)
returns int[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_targets constant jsonb := automation_private.map_targets(p_steps);
    v_edges constant automation_private.step_edge[] := automation_private.list_edges(
        p_steps, v_targets, '{}'
    );
    v_walk constant int[] := automation_private.walk_edges(v_edges);
    v_regions constant int[] := (automation_private.find_regions(
        p_steps, v_edges, v_walk,
        automation_private.find_earlier(cardinality(p_steps), v_edges, v_walk)
    )).regions;
begin
    return array(
        select coalesce(v_regions[n], 0) from generate_series(1, cardinality(p_steps)) as n
    );
end;
$$;

comment on function automation_private.find_homes(automation_private.compiled_step[]) is
    'For every step the loop or scope in whose body it is drawn, 0 for none.';
