create or replace function automation_private.read_header(p_headers jsonb, p_name text)
returns text
language sql
immutable
return (
    select string_agg(v.value, ' ' order by h.key, v.ordinality)
    from jsonb_each(
        case jsonb_typeof(p_headers) when 'object' then p_headers else '{}' end
    ) as h
    cross join lateral jsonb_array_elements_text(
        case jsonb_typeof(h.value) when 'array' then h.value else jsonb_build_array(h.value) end
    ) with ordinality as v
    where lower(h.key) = p_name
);

comment on function automation_private.read_header(jsonb, text) is
    'A header of a request, whatever the case of its name; several values, as lists or under '
    'names of different case, are joined by blanks. Null when it is missing.';
