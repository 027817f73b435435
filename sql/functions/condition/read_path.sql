create or replace function automation_private.read_path(p_doc jsonb, p_path text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_items jsonb := jsonb_path_query_array(p_doc, p_path::jsonpath, '{}', true);
begin
    return case jsonb_array_length(v_items)
        when 0 then null
        when 1 then v_items -> 0
        else v_items end;
end
$$;

comment on function automation_private.read_path(jsonb, text) is
'What a path leads to: one value as it is, several as a list, SQL null when there is none.';
