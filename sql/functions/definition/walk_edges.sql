create or replace function automation_private.walk_edges(
    p_edges automation_private.step_edge[]
)
returns int[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sources constant int[] := array(select e.source from unnest(p_edges) as e);
    v_targets constant int[] := array(select e.target from unnest(p_edges) as e);
    v_place int[] := array[]::int[];
    v_seen boolean[] := array[true];
    v_path int[] := array[1];
    v_walk int[] := array[]::int[];
    v_step int;
begin
    for v_i in reverse cardinality(v_sources) .. 1 loop
        v_place[v_sources[v_i]] := v_i;
    end loop;
    while cardinality(v_path) > 0 loop
        v_step := v_path[cardinality(v_path)];
        if v_sources[v_place[v_step]] = v_step then
            v_place[v_step] := v_place[v_step] + 1;
            v_step := v_targets[v_place[v_step] - 1];
            if v_seen[v_step] is null then
                v_seen[v_step] := true;
                v_path := v_path || v_step;
            end if;
        else
            v_walk := v_step || v_walk;
            v_path := trim_array(v_path, 1);
        end if;
    end loop;
    return v_walk;
end;
$$;

comment on function automation_private.walk_edges(automation_private.step_edge[]) is
    'The steps that can be reached from the first, in reverse postorder: on every way but a way '
    'back a step comes before its successor. The edges must be sorted by source.';
