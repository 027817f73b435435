create or replace function automation_private.find_scopes(
    p_merges int[],
    p_edges automation_private.step_edge[],
    p_walk int[]
)
returns int[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_edges constant automation_private.step_edge[] := array(
        select (e.source, e.target, e.opens, e.enters, null)::automation_private.step_edge
        from unnest(p_edges) as e
        where e.source = any (p_walk)
        order by array_position(p_walk, e.source)
    );
    v_edge automation_private.step_edge;
    v_scope int;
    v_scopes int[];
    v_left boolean[];
    v_mixed int[] := array[]::int[];
    v_more int[];
begin
    loop
        v_scopes := array_fill(null::int, array[cardinality(p_merges)]);
        v_scopes[1] := case when 1 = any (v_mixed) then -1 else 0 end;
        v_left := array[]::boolean[];
        v_more := array[]::int[];
        foreach v_edge in array v_edges loop
            v_left[v_edge.source] := true;
            v_scope := case
                when v_edge.opens then v_edge.source
                else automation_private.scope_behind(v_scopes, p_merges, v_edge.source)
            end;
            if p_merges[v_edge.target] > 0 then
                v_scopes[v_edge.target] := p_merges[v_edge.target];
            elsif v_left[v_edge.target] then
                -- a way back from another scope: the step runs in several, so all is walked again
                if v_scopes[v_edge.target] <> v_scope and p_merges[v_edge.target] is null then
                    v_more := v_more || v_edge.target;
                end if;
            elsif p_merges[v_edge.target] = 0 then
                v_scopes[v_edge.target] := automation_private.common_scope(
                    v_scopes, v_scopes[v_edge.target], v_scope
                );
            elsif v_edge.target = any (v_mixed) or v_scopes[v_edge.target] <> v_scope then
                v_scopes[v_edge.target] := -1;
            else
                v_scopes[v_edge.target] := v_scope;
            end if;
        end loop;
        exit when v_more <@ v_mixed;
        v_mixed := v_mixed || v_more;
    end loop;
    return v_scopes;
end;
$$;

comment on function automation_private.find_scopes(int[], automation_private.step_edge[], int[]) is
    'For every step the split, loop or scope in whose scope it stands: 0 the instance''s own, -1 '
    'several, null out of reach. A merge stands in the scope that it closes: the one it names, '
    'else the nearest that holds all its arrivals.';
