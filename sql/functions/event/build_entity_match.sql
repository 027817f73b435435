create or replace function automation_private.build_entity_match(p_table regclass, p_keys name[])
returns text
language sql
stable
return (
    select string_agg(
        format(
            case
                when automation_private.is_plain_type(a.atttypid) then 'n.%I = (%s)::%s'
                else 'concat(n.%I) = %s'
            end,
            k.name,
            case
                when cardinality(p_keys) = 1 then '$2'
                else format('$2::jsonb ->> %s', k.ordinality - 1)
            end,
            format('pg_catalog.%I', b.typname)
        ), ' and ' order by k.ordinality
    )
    from unnest(p_keys) with ordinality as k (name, ordinality)
    inner join pg_attribute as a on a.attrelid = p_table and k.name = a.attname
    inner join pg_type as t on a.atttypid = t.oid
    inner join pg_type as b on coalesce(nullif(t.typbasetype, 0), t.oid) = b.oid
);

comment on function automation_private.build_entity_match(regclass, name[]) is
    'A condition that finds the row whose key, as text, is $2.';
