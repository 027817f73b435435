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
            when not automation_private.is_plain_type(a.atttypid)
                then 'case when %2$I.%1$I is not null then concat(%2$I.%1$I) end'
            when b.typcategory = 'S' or exists (
                select from pg_opclass as o
                inner join pg_am as m on o.opcmethod = m.oid
                where o.opcdefault
                    and o.opcintype = case b.typcategory when 'A' then b.typelem else b.oid end
                    and m.amname = 'btree'
            ) then '%2$I.%1$I'
            else 'to_jsonb(%2$I.%1$I)'
        end,
        p_column, p_alias
    )
    from pg_attribute as a
    inner join pg_type as t on a.atttypid = t.oid
    inner join pg_type as b on coalesce(nullif(t.typbasetype, 0), t.oid) = b.oid
    where a.attrelid = p_table and a.attname = p_column
);

comment on function automation_private.build_comparable(regclass, name, text) is
    'An expression for a column that can be compared by an equality of the system''s own.';
