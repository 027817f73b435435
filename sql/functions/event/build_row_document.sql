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
        format('%L, %s', c.name, v.expression), ', ' order by c.ordinality
    ))
    from unnest(p_columns) with ordinality as c (name, ordinality)
    cross join lateral (
        select automation_private.build_value(p_table, c.name, p_alias) as expression
    ) as v
    where v.expression is not null
);

comment on function automation_private.build_row_document(regclass, name[], text) is
    'An expression for some columns of a row as JSON, as far as the table still has them.';
