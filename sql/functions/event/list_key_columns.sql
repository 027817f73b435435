create or replace function automation_private.list_key_columns(
    p_table regclass,
    p_org_column text
)
returns name[]
language sql
stable
return array(
    select a.attname
    from pg_index as i
    cross join lateral unnest(i.indkey) with ordinality as k (attnum, ordinality)
    inner join pg_attribute as a on i.indrelid = a.attrelid and k.attnum = a.attnum
    where i.indrelid = p_table and i.indisprimary and a.attname <> p_org_column
    order by k.ordinality
);

comment on function automation_private.list_key_columns(regclass, text) is
    'The columns of a table''s primary key, without the organisation.';
