create or replace function automation_private.read_sample_field(
    p_object jsonb,
    p_key text,
    p_pointer text
)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pointer constant text := p_pointer || '/' || p_key;
    v_reference automation_private.reference;
    v_expression automation_private.compiled_condition;
    v_result automation_private.compiled_threshold;
begin
    v_result.errors := automation_private.check_key_type(
        p_object, p_key, array['string'], p_pointer
    );
    if v_result.errors is not null or not p_object ? p_key then
        return v_result;
    end if;
    v_result.field := p_object ->> p_key;
    v_reference := automation_private.resolve_reference(v_result.field, 'row', '{}');
    if v_reference.error is null then
        v_expression.path := v_reference.path::jsonpath;
        v_expression.reads := array[v_reference.reads];
    else
        v_expression :=
            automation_private.compile_expression(v_result.field, 'row', '{}', v_pointer);
    end if;
    if v_expression.errors is not null then
        v_result.errors := v_expression.errors;
    elsif v_expression.reads <> '{new}' or v_expression.derived is not null
        or position('[*]' in v_expression.path::text) > 0
    then
        v_result.errors := automation_private.build_error(
            v_pointer, 'not_a_value', 'a threshold watches one value of the new row',
            'a field such as roi, or arithmetic such as spend / budget * 100'
        );
    end if;
    v_result.path := v_expression.path;
    return v_result;
end;
$$;

comment on function automation_private.read_sample_field(jsonb, text, text) is
    'Where in an event''s document a threshold finds its value: a field of the new row, or '
    'arithmetic about such fields.';
