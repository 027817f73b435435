create or replace function automation_private.find_earlier(
    p_count int,
    p_edges automation_private.step_edge[],
    p_walk int[]
)
returns bit varying[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_none constant bit varying := repeat('0', p_count)::bit varying;
    v_edges constant automation_private.step_edge[] := array(
        select (e.source, e.target, e.opens, e.enters, null)::automation_private.step_edge
        from unnest(p_edges) as e
        where e.source = any (p_walk)
        order by array_position(p_walk, e.source)
    );
    v_edge automation_private.step_edge;
    v_earlier bit varying[] := array_fill(v_none, array[p_count]);
    v_now bit varying;
    v_changed boolean;
begin
    -- once over the edges is enough without ways back, which need one more turn per nesting
    loop
        v_changed := false;
        foreach v_edge in array v_edges loop
            v_now := v_earlier[v_edge.target] | v_earlier[v_edge.source];
            if not v_edge.enters then
                v_now := set_bit(v_now, v_edge.source - 1, 1);
            end if;
            if v_now <> v_earlier[v_edge.target] then
                v_earlier[v_edge.target] := v_now;
                v_changed := true;
            end if;
        end loop;
        exit when not v_changed;
    end loop;
    return v_earlier;
end;
$$;

comment on function automation_private.find_earlier(int, automation_private.step_edge[], int[]) is
    'For every step the steps that can have run before it, one bit each. Around a body its loop or '
    'scope is still at it.';
