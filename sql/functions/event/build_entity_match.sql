create or replace function automation_private.build_entity_match(p_table regclass, p_keys name[])
returns text
language sql
stable
return (
    select string_agg(
        format(
            case
                when cardinality(p_keys) = 1 then 'n.%I = $2::%s'
                else 'n.%I = ($2::jsonb ->> %3$s)::%2$s'
            end,
            k.name, format_type(a.atttypid, a.atttypmod), k.ordinality - 1
        ), ' and ' order by k.ordinality
    )
    from unnest(p_keys) with ordinality as k (name, ordinality)
    inner join pg_attribute as a on a.attrelid = p_table and k.name = a.attname
);

comment on function automation_private.build_entity_match(regclass, name[]) is
    'A condition that finds the row whose key, as text, is $2.';
