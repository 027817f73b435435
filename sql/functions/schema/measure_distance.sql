create or replace function automation_private.measure_distance(p_one text, p_other text)
returns integer
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_above integer[] := array(select generate_series(0, length(p_other)));
    v_row integer[];
begin
    for v_i in 1 .. length(p_one) loop
        v_row := array[v_i];
        for v_j in 1 .. length(p_other) loop
            v_row := v_row || least(
                v_row[v_j] + 1,
                v_above[v_j + 1] + 1,
                v_above[v_j] + (substr(p_one, v_i, 1) <> substr(p_other, v_j, 1))::integer
            );
        end loop;
        v_above := v_row;
    end loop;
    return v_above[length(p_other) + 1];
end;
$$;

comment on function automation_private.measure_distance(text, text) is
    'How many letters must be put in, left out or changed to turn one word into the other.';
