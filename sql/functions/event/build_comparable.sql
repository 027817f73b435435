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
            when exists (
                select from pg_opclass as o
                where o.opcdefault
                    and o.opcmethod = (select m.oid from pg_am as m where m.amname = 'btree')
                    and o.opcintype = coalesce(nullif(t.typbasetype, 0), t.oid)
            ) or t.typtype = 'e' or t.typcategory in ('A', 'S') then '%I.%I'
            else 'to_jsonb(%I.%I)'
        end,
        p_alias, p_column
    )
    from pg_attribute as a
    inner join pg_type as t on t.oid = a.atttypid
    where a.attrelid = p_table and a.attname = p_column
);

comment on function automation_private.build_comparable(regclass, name, text) is
    'An expression for a column that can be compared, also of types without an equality.';
