create or replace function automation_private.build_near_path(
    p_leaves jsonpath[],
    p_wanted boolean[]
)
returns jsonpath
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_leaf text;
    v_all text;
    v_near text;
begin
    if coalesce(cardinality(p_leaves), 0) not between 2 and 20
        or octet_length(p_leaves::text) > 20000
    then
        return null;
    end if;
    for v_place in reverse cardinality(p_leaves)..1 loop
        v_leaf := format(
            case when p_wanted[v_place] then '(%s)' else '!(%s)' end, p_leaves[v_place]
        );
        -- this one and at most one failure in the rest, or the rest without any
        v_near := case cardinality(p_leaves) - v_place
            when 0 then null
            when 1 then format('(%s || %s)', v_leaf, v_all)
            else format('((%s && %s) || %s)', v_leaf, v_near, v_all)
        end;
        v_all := case
            when v_all is null then v_leaf else format('(%s && %s)', v_leaf, v_all)
        end;
    end loop;
    return v_near::jsonpath;
end;
$$;

comment on function automation_private.build_near_path(jsonpath[], boolean[]) is
    'A predicate that is met when at most one comparison fails, so that near misses are found '
    'without asking each comparison of every event; null when it would be too long.';
