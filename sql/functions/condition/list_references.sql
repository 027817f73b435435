create or replace function automation_private.list_references(p_node jsonb)
returns text[]
language sql immutable
begin atomic
    with recursive part (node, depth) as (
        select p_node, 1
        union all
        select c.node, p.depth + 1
        from part as p
        cross join lateral (
            select e.value as node
            from jsonb_array_elements(
                case jsonb_typeof(p.node) when 'array' then p.node else '[]' end
            ) as e
            union all
            select e.node
            from jsonb_each(case jsonb_typeof(p.node) when 'object' then p.node else '{}' end) as k
            cross join lateral jsonb_path_query(k.value, 'lax $[*]') as e (node)
            where k.key = any ('{all,any,none,not,and,or,conditions}'::text[])
        ) as c
        where p.depth <= 10
    )

    select coalesce(array_agg(distinct r.name), '{}')
    from part as p
    cross join lateral (select automation_private.reference_name(p.node) as name) as r
    where r.name is not null;
end;

comment on function automation_private.list_references(jsonb) is
'The condition sets that a condition refers to by itself, each once.';
