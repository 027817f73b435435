create or replace function automation_private.render_expressions(
    p_value jsonb, p_bindings jsonb, p_doc jsonb, p_now timestamptz, p_timezone text
)
returns automation_private.rendered
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_bindings jsonb := p_bindings -> 'expressions';
    v_binding jsonb;
    v_values jsonb;
    v_texts jsonb;
    v_text text;
    v_expression jsonb;
    v_path text;
    v_found jsonb;
    v_before jsonb;
    v_filter jsonb;
    v_value jsonb := p_value;
    v_error jsonb;
begin
    <<bindings>>
    for v_i in 0 .. jsonb_array_length(v_bindings) - 1 loop
        v_binding := v_bindings -> v_i;
        v_values := v_binding -> 'values';
        v_texts := v_binding -> 'texts';
        v_text := v_texts ->> 0;
        for v_j in 0 .. jsonb_array_length(v_values) - 1 loop
            v_expression := v_values -> v_j;
            v_path := v_expression ->> 0;
            v_found := automation_private.fetch_reference(p_doc, v_path, p_now, p_timezone);
            for v_k in 2 .. jsonb_array_length(v_expression) - 1 loop
                v_before := v_found;
                v_filter := v_expression -> v_k;
                v_found := automation_private.apply_filter(v_found, v_filter, p_timezone);
                exit when automation_private.is_fault(v_before, v_found);
            end loop;
            if v_texts is not null and jsonb_typeof(v_found) in ('string', 'number', 'boolean') then
                v_text := v_text || (v_found #>> '{}') || (v_texts ->> (v_j + 1));
            end if;
            if v_found is null
                or pg_column_size(v_found) > 65600
                or octet_length(v_text) > 65536
                or v_texts is not null and jsonb_typeof(v_found) in ('null', 'array', 'object')
            then
                v_error := automation_private.describe_fault(
                    automation_private.fetch_reference(p_doc, v_path, p_now, p_timezone),
                    v_expression, p_timezone);
                exit bindings;
            end if;
        end loop;

        v_value := case when v_binding ? 'at'
            then jsonb_set(
                v_value, (v_binding ->> 'at')::text[], coalesce(to_jsonb(v_text), v_found))
            else coalesce(to_jsonb(v_text), v_found) end;
        exit when pg_column_size(v_value) > 262144;
    end loop;

    if v_error is not null then
        v_error := v_error || jsonb_build_object('pointer',
            automation_private.format_pointer(coalesce((v_binding ->> 'at')::text[], '{}')));
    elsif automation_private.needs_check(v_value) then
        v_error := automation_private.check_rendered(v_value, p_bindings);
    end if;
    return (case when v_error is null then v_value end, v_error)::automation_private.rendered;
end;
$$;

comment on function automation_private.render_expressions(jsonb, jsonb, jsonb, timestamptz, text) is
    'A value with every expression of its bindings evaluated and put where it stands, or the '
    'first error.';
