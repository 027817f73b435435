create or replace function automation_private.find_schemas(p_schema jsonb)
returns table (schema jsonb, pointer text, depth integer)
language sql immutable
begin atomic
    with recursive level as (
        select p_schema as schema, '' as pointer, 0 as depth
        union all
        select c.schema, l.pointer || c.pointer, l.depth + 1
        from level as l
        cross join lateral (
            select k.value as schema, '/' || k.key as pointer
            from jsonb_each(l.schema) as k
            where k.key in ('items', 'additionalProperties')
            union all
            select p.value, automation_private.append_pointer('/properties', p.key)
            from jsonb_each(case jsonb_typeof(l.schema -> 'properties')
                when 'object' then l.schema -> 'properties' end) as p
            union all
            select b.value, '/' || k.name || '/' || (b.ordinality - 1)
            from unnest(array['anyOf', 'oneOf']) as k (name)
            cross join lateral jsonb_array_elements(case jsonb_typeof(l.schema -> k.name)
                when 'array' then l.schema -> k.name end) with ordinality as b
        ) as c
        where jsonb_typeof(c.schema) = 'object' and l.depth < 17
    )

    select l.schema, l.pointer, l.depth
    from level as l
    order by l.depth, l.pointer;
end;

comment on function automation_private.find_schemas(jsonb) is
    'A JSON Schema and all schemas inside it, with where each stands and how deep, down to depth '
    '17.';
