create or replace function automation_private.common_scope(
    p_scopes int[],
    p_one int,
    p_other int
)
returns int
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_outer int[] := array[p_one];
    v_scope int := p_other;
begin
    if p_one is null or p_one = p_other then
        return p_other;
    end if;
    while v_outer[cardinality(v_outer)] > 0 loop
        v_outer := v_outer || p_scopes[v_outer[cardinality(v_outer)]];
    end loop;
    while v_scope > 0 and v_scope <> all (v_outer) loop
        v_scope := p_scopes[v_scope];
    end loop;
    return case
        when v_scope > 0 then v_scope
        else least(v_scope, v_outer[cardinality(v_outer)])
    end;
end;
$$;

comment on function automation_private.common_scope(int[], int, int) is
    'The innermost split whose scope holds both scopes; 0 when only the instance does, -1 when '
    'one of them lies in several.';
