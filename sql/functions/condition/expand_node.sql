create or replace function automation_private.expand_node(
    p_node jsonb, p_sets jsonb, p_path text[], p_depth int
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name constant text := automation_private.reference_name(p_node);
    v_key text;
    v_value jsonb;
    v_items jsonb[] := '{}'::jsonb[];
    v_size int := 0;
begin
    if p_depth > 10 or jsonb_typeof(p_node) not in ('array', 'object') then
        return p_node;
    elsif v_name = any (p_path) or v_name is not null and cardinality(p_path) >= 10 then
        return jsonb_build_object('ref', to_jsonb(p_path || v_name));
    elsif v_name is not null and p_sets ? v_name then
        return automation_private.expand_node(
            p_sets -> v_name, p_sets, p_path || v_name, p_depth);
    elsif v_name is not null then
        return p_node;
    elsif jsonb_typeof(p_node) = 'array' then
        for v_value in select * from jsonb_array_elements(p_node) loop
            v_value := automation_private.expand_node(v_value, p_sets, p_path, p_depth + 1);
            v_items := array_append(v_items, v_value);
            v_size := v_size + octet_length(v_value::text);
            -- it is too long for the compiler, whatever follows
            exit when v_size > 262144;
        end loop;
        return to_jsonb(v_items);
    end if;

    if p_node ? 'ref' and jsonb_typeof(p_node -> 'ref') <> 'string' then
        p_node := p_node || '{"ref": null}';
    end if;
    for v_key, v_value in
        select k.key, k.value
        from jsonb_each(p_node) as k
        where k.key = any ('{all,any,none,not,and,or,conditions}'::text[])
    loop
        -- the items of a group are one level below it, as in a list without one
        p_node := p_node || jsonb_build_object(v_key, automation_private.expand_node(
            v_value, p_sets, p_path,
            case jsonb_typeof(v_value) when 'array' then p_depth else p_depth + 1 end));
    end loop;
    return p_node;
end
$$;

comment on function automation_private.expand_node(jsonb, jsonb, text[], int) is
'A condition with {"ref": name} replaced by what p_sets has under the name. What it lacks stays; a
reference that closes a circle, or ends too long a chain, becomes {"ref": [the names on the way]}.';
