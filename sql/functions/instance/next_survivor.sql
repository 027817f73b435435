create or replace function automation_private.next_survivor(
    p_orders int[],
    p_nexts int[],
    p_survive boolean[],
    p_order int
)
returns int
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_order int := p_order;
    v_place int;
begin
    for v_i in 1..cardinality(p_orders) loop
        v_place := array_position(p_orders, v_order);
        exit when v_place is null or p_survive[v_place];
        v_order := p_nexts[v_place];
    end loop;
    return case when p_survive[v_place] then v_order end;
end;
$$;

comment on function automation_private.next_survivor(int[], int[], boolean[], int) is
    'The first step from here on, along "next", that still exists; null when there is none.';
