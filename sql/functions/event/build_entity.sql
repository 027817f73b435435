create or replace function automation_private.build_entity(
    p_table regclass,
    p_keys name[],
    p_alias text
)
returns text
language sql
stable
return (
    select case
        when count(*) = 1 then max(x.expression)
        else format(
            'jsonb_build_array(%s)::text', string_agg(x.expression, ', ' order by x.ordinality)
        )
    end
    from (
        select
            k.ordinality,
            format(
                case
                    when automation_private.is_plain_type(a.atttypid) then '%I.%I::text'
                    else 'concat(%I.%I)'
                end,
                p_alias, k.name
            ) as expression
        from unnest(p_keys) with ordinality as k (name, ordinality)
        inner join pg_attribute as a on a.attrelid = p_table and k.name = a.attname
    ) as x
);

comment on function automation_private.build_entity(regclass, name[], text) is
    'An expression for the key of a row as text; a key of several columns is a JSON list.';
