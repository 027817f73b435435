create or replace function automation_private.build_row_document(
    p_table regclass,
    p_columns name[],
    p_alias text
)
returns text
language sql
stable
return (
    select format('jsonb_build_object(%s)', string_agg(
        format(
            case
                when a.atttypid = 'timestamp'::regtype then '%1$L, %2$I.%1$I at time zone ''UTC'''
                else '%1$L, %2$I.%1$I'
            end,
            c.name, p_alias
        ), ', ' order by c.ordinality
    ))
    from unnest(p_columns) with ordinality as c (name, ordinality)
    inner join pg_attribute as a on a.attrelid = p_table and c.name = a.attname
);

comment on function automation_private.build_row_document(regclass, name[], text) is
    'An expression for some columns of a row as JSON. Times without a zone are UTC, as everywhere '
    'in the platform.';
