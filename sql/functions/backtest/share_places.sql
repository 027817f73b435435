create or replace function automation_private.share_places(
    p_gate automation_private.gate_plan,
    p_items int[],
    p_groups int[],
    p_group_counts int[],
    p_keyless boolean[]
)
returns int[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_checks constant int := coalesce(cardinality(p_gate.most), 0);
    v_keys constant int := cardinality(p_group_counts);
    v_groups constant int[] := p_groups;
    v_places int[] := array_fill(0, array[v_checks * cardinality(p_items)]);
    v_free int := 1;
    v_source int;
    v_counted int;
    v_claims int[];
    v_first int[];
    v_item int;
    v_group int := 1;
    v_at int;
begin
    for v_check in 1..v_checks loop
        v_source := abs(p_gate.sources[v_check]);
        if v_source is distinct from v_counted then
            v_claims := array_fill(0, array[coalesce(p_group_counts[v_source], 1)]);
            foreach v_item in array p_items loop
                v_group := coalesce(v_groups[(v_item - 1) * v_keys + nullif(v_source, 0)], 1);
                v_claims[v_group] := v_claims[v_group] + 1;
            end loop;
            v_counted := v_source;
        end if;
        continue when p_gate.most[v_check] >= (select max(c) from unnest(v_claims) as c);
        v_first := array_fill(0, array[cardinality(v_claims)]);
        v_at := v_check - v_checks;
        foreach v_item in array p_items loop
            v_at := v_at + v_checks;
            v_group := coalesce(v_groups[(v_item - 1) * v_keys + nullif(v_source, 0)], 1);
            continue when v_claims[v_group] <= p_gate.most[v_check]
                or p_gate.sources[v_check] < 0 and p_keyless[v_item];
            if v_first[v_group] = 0 then
                v_first[v_group] := v_free;
                v_free := v_free + greatest(p_gate.most[v_check], 1);
            end if;
            v_places[v_at] := v_first[v_group];
        end loop;
    end loop;
    return v_places;
end;
$$;

comment on function automation_private.share_places(
    automation_private.gate_plan, int[], int[], int[], boolean[]
) is
    'For each firing and check of the gate the first of the places that it competes for; 0 when '
    'there are enough for all.';
