create or replace function automation_private.find_miss(
    p_leaves jsonpath[],
    p_wanted boolean[],
    p_doc jsonb,
    p_vars jsonb
)
returns int
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_leaf jsonpath;
    v_place int := 0;
    v_missed int;
begin
    foreach v_leaf in array p_leaves loop
        v_place := v_place + 1;
        if jsonb_path_match(p_doc, v_leaf, p_vars, true) is distinct from p_wanted[v_place] then
            if v_missed is not null then
                return null;
            end if;
            v_missed := v_place;
        end if;
    end loop;
    return v_missed;
end;
$$;

comment on function automation_private.find_miss(jsonpath[], boolean[], jsonb, jsonb) is
    'Which comparison of a condition failed, when it is the only one.';
