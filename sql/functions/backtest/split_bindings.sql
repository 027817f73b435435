create or replace function automation_private.split_bindings(p_bindings jsonb)
returns table (at text[], bindings jsonb, reads text[])
language sql
stable
begin atomic
    select
        (e.value ->> 'at')::text[],
        jsonb_build_object('expressions', jsonb_build_array(e.value)),
        array(select v ->> 0 from jsonb_array_elements(e.value -> 'values') as v)
    from jsonb_array_elements(p_bindings -> 'expressions') as e
    union all
    select
        (r.value #>> '{}')::text[],
        jsonb_build_object('references', jsonb_build_array(
            r.value, p_bindings -> 'references' -> r.ordinality::int
        )),
        array[p_bindings -> 'references' ->> r.ordinality::int]
    from jsonb_array_elements(p_bindings -> 'references') with ordinality as r
    where r.ordinality % 2 = 1;
end;

comment on function automation_private.split_bindings(jsonb) is
    'The templated texts of a compiled value one by one: where each stands, its bindings, and the '
    'paths that it reads.';
