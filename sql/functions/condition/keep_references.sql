create or replace function automation_private.keep_references(p_written jsonb, p_tree jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_group jsonb;
    v_key text;
begin
    if automation_private.reference_name(p_written) is not null then
        return p_written;
    elsif not automation_private.has_references(p_written) then
        return p_tree;
    end if;
    v_group := automation_private.read_group(p_written);
    v_key := v_group ->> 'key';
    return case
        when v_key = 'not' then p_tree || jsonb_build_object(v_key,
            automation_private.keep_references(v_group #> '{nodes,0,node}', p_tree -> v_key))
        when v_key is not null then p_tree || jsonb_build_object(v_key, (
            select jsonb_agg(
                automation_private.keep_references(n.value -> 'node',
                    p_tree -> v_key -> (n.at - 1)::int)
                order by n.at
            )
            from jsonb_array_elements(v_group -> 'nodes') with ordinality as n (value, at)
        ))
        else p_tree end;
end
$$;

comment on function automation_private.keep_references(jsonb, jsonb) is
'The compiled tree of a condition with its references as they were written, not what they stand
for.';
