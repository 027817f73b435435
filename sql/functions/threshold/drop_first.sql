create or replace function automation_private.drop_first(p_list jsonb, p_count int)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return case p_count
        when 0 then p_list
        when 1 then p_list - 0
        else jsonb_path_query_array(
            p_list, '$[$count to last]', jsonb_build_object('count', p_count)
        )
    end;
end;
$$;

comment on function automation_private.drop_first(jsonb, int) is
    'A list without so many of its first items.';
