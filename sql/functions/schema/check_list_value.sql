create or replace function automation_private.check_list_value(
    p_schema jsonb, p_value jsonb, p_pointer text, p_templated boolean
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_length integer := jsonb_array_length(p_value);
    v_least integer := (p_schema ->> 'minItems')::integer;
    v_most integer := (p_schema ->> 'maxItems')::integer;
    v_errors jsonb := '[]'::jsonb;
    v_item record;
begin
    if v_length < v_least then
        v_errors := v_errors || automation_private.build_error(p_pointer, 'min_items',
            format('needs at least %s, has %s', v_least, v_length), p_schema ->> 'description');
    elsif v_length > v_most then
        v_errors := v_errors || automation_private.build_error(p_pointer, 'max_items',
            format('may have at most %s, has %s', v_most, v_length), p_schema ->> 'description');
    end if;

    if p_schema ? 'items' then
        for v_item in
            select e.value, e.ordinality - 1 as place
            from jsonb_array_elements(p_value) with ordinality as e
        loop
            v_errors := v_errors || coalesce(automation_private.check_value(p_schema -> 'items',
                v_item.value, p_pointer || '/' || v_item.place, p_templated), '[]');
            exit when jsonb_array_length(v_errors) >= 100;
        end loop;
    end if;
    return nullif(v_errors, '[]');
end;
$$;

comment on function automation_private.check_list_value(jsonb, jsonb, text, boolean) is
    'The errors of a list: how many items, and each of them (the first hundred errors); null when '
    'it fits.';
