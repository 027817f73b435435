create or replace function automation_private.list_column_types(
    p_table regclass,
    p_columns name[]
)
returns regtype[]
language sql
stable
return array(
    select a.atttypid::regtype
    from pg_attribute as a
    where a.attrelid = p_table and a.attname = any (p_columns) and not a.attisdropped
    order by a.attname
);

comment on function automation_private.list_column_types(regclass, name[]) is
    'The types of some columns, by their names.';
