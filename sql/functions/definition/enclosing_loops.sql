create or replace function automation_private.enclosing_loops(p_loops int[], p_loop int)
returns int[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_loop int := p_loop;
    v_enclosing int[] := array[]::int[];
begin
    while v_loop > 0 loop
        v_enclosing := v_enclosing || v_loop;
        v_loop := p_loops[v_loop];
    end loop;
    return v_enclosing;
end;
$$;

comment on function automation_private.enclosing_loops(int[], int) is
    'A loop and all that it stands in, outwards.';
