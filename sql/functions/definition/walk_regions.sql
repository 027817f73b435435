create or replace function automation_private.walk_regions(
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
    v_enters constant boolean[] := array(select e.enters from unnest(p_edges) as e);
    v_place int[] := array[]::int[];
    v_owner int[] := array[]::int[];
    v_regions int[] := array[0];
    v_queue int[] := array[1];
    v_bodies int[] := array[]::int[];
    v_next int := 1;
    v_body int := 1;
    v_step int;
    v_edge int;
    v_target int;
begin
    for v_i in reverse cardinality(v_sources) .. 1 loop
        v_place[v_sources[v_i]] := v_i;
        if v_enters[v_i] and v_targets[v_i] > 1 then
            v_owner[v_targets[v_i]] := v_sources[v_i];
        end if;
    end loop;
    -- a body's turn comes when what is around it is known
    loop
        if v_next > cardinality(v_queue) then
            exit when v_body > cardinality(v_bodies);
            v_step := v_bodies[v_body];
            v_body := v_body + 1;
            continue when v_regions[v_step] is not null;
            v_regions[v_step] := v_owner[v_step];
            v_queue := v_queue || v_step;
        end if;
        v_step := v_queue[v_next];
        v_next := v_next + 1;
        v_edge := v_place[v_step];
        while v_sources[v_edge] = v_step loop
            v_target := v_targets[v_edge];
            if v_enters[v_edge] then
                if v_owner[v_target] = v_step then
                    v_bodies := v_bodies || v_target;
                end if;
            elsif v_regions[v_target] is null
                and coalesce(v_owner[v_target] = v_regions[v_step], true)
            then
                v_regions[v_target] := v_regions[v_step];
                v_queue := v_queue || v_target;
            end if;
            v_edge := v_edge + 1;
        end loop;
    end loop;
    return v_regions;
end;
$$;

comment on function automation_private.walk_regions(automation_private.step_edge[]) is
    'For every step the loop or scope in whose body it stands, 0 in none; null when it cannot be '
    'reached without a jump into a body. What can be reached from outside is outside. The edges '
    'must be sorted by source.';
