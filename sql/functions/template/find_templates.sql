create or replace function automation_private.find_templates(p_value jsonb)
returns table (at text[], template text)
language sql immutable
begin atomic
    with recursive node as (
        select '{}'::text[] as at, p_value as value
        union all
        select n.at || c.name, c.value
        from node as n
        cross join lateral (
            select e.key as name, e.value
            from jsonb_each(
                case jsonb_typeof(n.value) when 'object' then n.value else '{}' end
            ) as e
            union all
            select (e.ordinality - 1)::text, e.value
            from jsonb_array_elements(
                case jsonb_typeof(n.value) when 'array' then n.value else '[]' end
            ) with ordinality as e (value, ordinality)
        ) as c
        where cardinality(n.at) < 32
    )

    select
        n.at,
        case jsonb_typeof(n.value) when 'string' then n.value #>> '{}' end
    from node as n
    where case jsonb_typeof(n.value)
        when 'string' then position('{{' in n.value #>> '{}') > 0
        when 'object' then cardinality(n.at) = 32 and n.value <> '{}'
        when 'array' then cardinality(n.at) = 32 and n.value <> '[]'
    end
    order by n.at;
end;

comment on function automation_private.find_templates(jsonb) is
    'Every text inside a value that has double braces, and where it stands; no text for what is '
    'nested too deeply to be looked at.';
