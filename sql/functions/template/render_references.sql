create or replace function automation_private.render_references(
    p_value jsonb, p_bindings jsonb, p_doc jsonb
)
returns automation_private.rendered
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_references jsonb := p_bindings -> 'references';
    v_value jsonb := p_value;
    v_at text[];
    v_found jsonb;
    v_error jsonb;
begin
    for v_i in 0 .. jsonb_array_length(v_references) - 1 by 2 loop
        v_value := automation_private.put_reference(v_value, v_references, v_i, p_doc);
    end loop;
    if not automation_private.needs_check(v_value) then
        return (v_value, null)::automation_private.rendered;
    end if;

    for v_i in 0 .. jsonb_array_length(v_references) - 1 by 2 loop
        v_at := (v_references ->> v_i)::text[];
        v_found := p_doc #> (v_references ->> (v_i + 1))::text[];
        if v_found is null or pg_column_size(v_found) > 65600 then
            v_error := automation_private.describe_fault(
                v_found, jsonb_build_array(null, btrim(p_value #>> v_at, '{} ')), null
            ) || jsonb_build_object('pointer', automation_private.format_pointer(v_at));
            return (null, v_error)::automation_private.rendered;
        end if;
    end loop;
    v_error := automation_private.check_rendered(v_value, p_bindings);
    return (case when v_error is null then v_value end, v_error)::automation_private.rendered;
end;
$$;

comment on function automation_private.render_references(jsonb, jsonb, jsonb) is
    'A value whose templates are all bare names: each replaced by what the document holds there.';
