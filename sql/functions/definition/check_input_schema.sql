create or replace function automation_private.check_input_schema(p_schema jsonb)
returns jsonb
language sql
stable
begin atomic
    select automation_private.collect_errors(variadic array_agg(
        case
            when i.key !~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$' then automation_private.build_error(
                automation_private.append_pointer('/input', left(i.key, 100)), 'invalid_name',
                format('"%s" cannot be the name of an input', left(i.key, 100)),
                'letters, digits and _, a letter first, at most 63'
            )
            else automation_private.check_parameter(i.value, '/input/' || i.key)
        end
    ))
    from jsonb_each(p_schema) as i
    where not starts_with(i.key, 'x-');
end;

comment on function automation_private.check_input_schema(jsonb) is
    'The errors in the declarations of a workflow''s inputs.';
