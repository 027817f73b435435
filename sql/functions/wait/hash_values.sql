create or replace function automation_private.hash_values(p_values jsonb)
returns text
language sql
immutable
return case
    when p_values = '[]' then ''
    when p_values @> '[null]' then null
    else (
        select encode(sha256(convert_to(string_agg(
            case jsonb_typeof(v.value)
                when 'number' then trim_scale(v.value::numeric)::text
                else v.value::text
            end, ',' order by v.ordinality
        ), 'UTF8')), 'hex')
        from jsonb_array_elements(p_values) with ordinality as v
    )
end;

comment on function automation_private.hash_values(jsonb) is
    'A key that is the same for equal lists of values, and for 1 and 1.0; null when a value is '
    'missing.';
