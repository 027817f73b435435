create or replace function automation_private.compile_path(p_path text)
returns text
language sql immutable
begin atomic
    with bare as (
        select regexp_replace(p_path, '"(?:[^"\\]|\\.)*"', '""', 'g') as path
    )

    select case
        when p_path = '$."now"' then 'now'
        when b.path like '%[*]%' then 'lax ' || p_path
        when p_path ~ '^\$(\."(?!-?\d+")[^"\\]*")+$'
            then string_to_array(btrim(substr(p_path, 3), '"'), '"."')::text
        else 'strict ' || p_path
    end
    from bare as b;
end;

comment on function automation_private.compile_path(text) is
    'A reference''s jsonpath in the form that fetch_reference takes fastest: {a,b} for keys '
    'alone, lax … for all items of a list, strict … for the rest, or now.';
