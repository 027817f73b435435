create or replace function automation_private.build_entity(p_keys name[], p_alias text)
returns text
language sql
immutable
return case
    when cardinality(p_keys) = 1 then format('%I.%I::text', p_alias, p_keys[1])
    else (
        select format('jsonb_build_array(%s)::text', string_agg(
            format('%I.%I::text', p_alias, k.name), ', ' order by k.ordinality
        ))
        from unnest(p_keys) with ordinality as k (name, ordinality)
    )
end;

comment on function automation_private.build_entity(name[], text) is
    'An expression for the key of a row as text; a key of several columns is a JSON list.';
