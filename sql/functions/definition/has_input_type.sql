create or replace function automation_private.has_input_type(p_value jsonb, p_type text)
returns boolean
language sql
stable
return case p_type
    when 'text' then jsonb_typeof(p_value) = 'string'
    when 'number' then jsonb_typeof(p_value) = 'number'
    when 'integer' then case
        when jsonb_typeof(p_value) = 'number' then p_value::numeric = trunc(p_value::numeric)
        else false
    end
    when 'timestamp' then jsonb_typeof(p_value) = 'string'
        and automation_private.parse_instant(p_value #>> '{}', 'UTC') is not null
    when 'date' then jsonb_typeof(p_value) = 'string'
        and length(p_value #>> '{}') = 10
        and automation_private.parse_instant(p_value #>> '{}', 'UTC') is not null
    when 'any' then true
    else jsonb_typeof(p_value) = p_type
end;

comment on function automation_private.has_input_type(jsonb, text) is
    'Whether a value is of the type that an input is declared with.';
