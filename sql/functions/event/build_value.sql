create or replace function automation_private.build_value(
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
            -- concat asks for the text that the type prints, and for no cast
            when not automation_private.is_plain_type(a.atttypid)
                then 'case when %2$I.%1$I is not null then left(concat(%2$I.%1$I), 65536) end'
            when b.oid = 'timestamp'::regtype then '%2$I.%1$I at time zone ''UTC'''
            when b.oid in ('json'::regtype, 'jsonb'::regtype, 'xml'::regtype)
                or b.typelem <> 0 and b.typlen = -1
                then 'case when pg_column_size(%2$I.%1$I) <= 65536 then %2$I.%1$I end'
            when b.oid in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
                then 'left(%2$I.%1$I, 65536)'
            else '%2$I.%1$I'
        end,
        p_column, p_alias
    )
    from pg_attribute as a
    inner join pg_type as t on a.atttypid = t.oid
    inner join pg_type as b on coalesce(nullif(t.typbasetype, 0), t.oid) = b.oid
    where a.attrelid = p_table and a.attname = p_column
);

comment on function automation_private.build_value(regclass, name, text) is
    'An expression for a column that can be made JSON without calling anybody''s code. Long texts '
    'are cut at 65,536 characters, larger documents and lists have no value; times without a zone '
    'are UTC, as everywhere in the platform.';
