create or replace function automation_private.build_comparable(
    p_table regclass,
    p_column name,
    p_alias text
)
returns text
language sql
stable
return (
    select format(
        case
            when b.typtype = 'e'
                or b.typnamespace = 'pg_catalog'::regnamespace and (
                    b.typcategory = 'S' or exists (
                        select from pg_opclass as o
                        inner join pg_am as m on o.opcmethod = m.oid
                        where o.opcdefault and o.opcintype = b.oid and m.amname = 'btree'
                    )
                )
                then '%I.%I'
            else 'to_jsonb(%I.%I)'
        end,
        p_alias, p_column
    )
    from pg_attribute as a
    inner join pg_type as t on a.atttypid = t.oid
    inner join pg_type as b on coalesce(nullif(t.typbasetype, 0), t.oid) = b.oid
    where a.attrelid = p_table and a.attname = p_column
);

comment on function automation_private.build_comparable(regclass, name, text) is
    'An expression for a column that can be compared by an equality of the system''s own, also '
    'when its type has none, or one that only its extension''s schema knows.';
