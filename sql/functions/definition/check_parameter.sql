create or replace function automation_private.check_parameter(p_parameter jsonb, p_pointer text)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := coalesce(p_parameter ->> 'type', 'any');
    v_has_bounds boolean := v_type in ('number', 'integer', 'timestamp', 'date');
    v_errors jsonb;
begin
    if jsonb_typeof(p_parameter) <> 'object' then
        return automation_private.build_error(
            p_pointer, 'wrong_type', 'an input must be declared by an object',
            'for example {"type": "number", "default": 80}'
        );
    end if;
    v_errors := automation_private.collect_errors(
        automation_private.check_known_keys(
            p_parameter,
            array['type', 'required', 'default', 'enum', 'min', 'max', 'description'],
            p_pointer
        ),
        case
            when not p_parameter ? 'type' then automation_private.build_error(
                p_pointer, 'missing_key', 'an input needs a "type"',
                format('one of: %s', array_to_string(automation_private.list_input_types(), ', '))
            )
            else automation_private.check_key_choice(
                p_parameter, 'type', automation_private.list_input_types(), 'unknown_type',
                p_pointer
            )
        end,
        automation_private.check_key_type(p_parameter, 'required', array['boolean'], p_pointer),
        automation_private.check_key_type(p_parameter, 'description', array['string'], p_pointer),
        automation_private.check_key_type(p_parameter, 'enum', array['array'], p_pointer),
        case
            when p_parameter -> 'enum' = '[]' then automation_private.build_error(
                p_pointer || '/enum', 'empty_list', '"enum" must list at least one value'
            )
        end
    );
    if v_errors is not null then
        return v_errors;
    end if;
    return automation_private.collect_errors(
        (
            select jsonb_agg(
                automation_private.build_error(
                    automation_private.append_pointer(p_pointer, b.name), 'unused_key',
                    format('"%s" does not apply to the type %s', b.name, v_type),
                    'bounds are for number, integer, timestamp and date'
                )
            )
            from unnest(array['min', 'max']) as b (name)
            where p_parameter ? b.name and not v_has_bounds
        ),
        (
            select jsonb_agg(
                automation_private.check_argument(
                    v.value, jsonb_build_object('type', v_type), v.pointer
                )
            ) filter (
                where not automation_private.has_input_type(v.value, v_type)
            )
            from (
                select p_parameter -> b.name, p_pointer || '/' || b.name
                from unnest(array['min', 'max']) as b (name)
                where p_parameter ? b.name and v_has_bounds
                union all
                select e.value, format('%s/enum/%s', p_pointer, e.ordinality - 1)
                from jsonb_array_elements(p_parameter -> 'enum') with ordinality as e
            ) as v (value, pointer)
        ),
        case
            when jsonb_typeof(p_parameter -> 'default') <> 'null'
                then automation_private.check_argument(
                    p_parameter -> 'default', p_parameter, p_pointer || '/default'
                )
        end
    );
end;
$$;

comment on function automation_private.check_parameter(jsonb, text) is
    'The errors in the declaration of one input.';
