create or replace function automation_private.condition_places(p_document jsonb)
returns table (path text[], node jsonb)
language sql immutable
begin atomic
    select p.path, p_document #> p.path as node
    from (
        select '{conditions}'::text[] as path
        union all
        select t.prefix::text[] || c.path::text[]
        from (values ('{trigger}'), ('{trigger,config}')) as t (prefix)
        cross join (values ('{condition}'), ('{goal,condition}'), ('{exit,condition}')) as c (path)
        union all
        select array['steps', (s.ordinality - 1)::text] || i.path
        from jsonb_array_elements(
            case jsonb_typeof(p_document -> 'steps')
                when 'array' then p_document -> 'steps' else '[]'
            end
        ) with ordinality as s
        cross join lateral (
            select '{condition}'::text[] as path
            union all
            select array[k.key, (g.ordinality - 1)::text, 'when']
            from unnest('{cases,branches}'::text[]) as k (key)
            cross join lateral jsonb_array_elements(
                case jsonb_typeof(s.value -> k.key)
                    when 'array' then s.value -> k.key else '[]'
                end
            ) with ordinality as g
        ) as i
    ) as p
    where p_document #> p.path is not null;
end;

comment on function automation_private.condition_places(jsonb) is
'The conditions in a rule or a definition, and where they are.';
