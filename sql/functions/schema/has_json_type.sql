create or replace function automation_private.has_json_type(p_value jsonb, p_types jsonb)
returns boolean
language sql immutable
return p_types @> to_jsonb(jsonb_typeof(p_value))
    or (
        p_types @> '"integer"'
        and case jsonb_typeof(p_value)
            when 'number' then p_value::numeric = trunc(p_value::numeric)
            else false
        end
    );

comment on function automation_private.has_json_type(jsonb, jsonb) is
    'Whether a value has the type, or one of the list of types, that a JSON Schema names.';
