create or replace function automation_private.shape_bindings(p_bindings jsonb)
returns jsonb
language sql immutable
begin atomic
    select case
        when count(*) <= 16 and bool_and(
            b.binding ? 'at' and not b.binding ? 'texts'
            and jsonb_array_length(b.binding #> '{values,0}') = 2
            and b.binding #>> '{values,0,0}' like '{%'
        ) then jsonb_build_object('references', (
            select jsonb_agg(r.part order by r.ordinality, r.n)
            from (
                select p.ordinality, 1 as n, p.binding ->> 'at' as part
                from jsonb_array_elements(p_bindings) with ordinality as p (binding, ordinality)
                union all
                select p.ordinality, 2, p.binding #>> '{values,0,0}'
                from jsonb_array_elements(p_bindings) with ordinality as p (binding, ordinality)
            ) as r
        ))
        else jsonb_build_object('expressions', p_bindings)
    end
    from jsonb_array_elements(p_bindings) as b (binding);
end;

comment on function automation_private.shape_bindings(jsonb) is
    'Bindings in the form that render takes fastest: {references: [at, path, …]} when they are '
    'few and all bare names, else {expressions: […]}.';
