create or replace function automation_private.check_depth(
    p_steps automation_private.compiled_step[],
    p_scopes int[]
)
returns jsonb
language sql
immutable
begin atomic
    with recursive opener as materialized (
        select s.ordinality::int as step, p_scopes[s.ordinality] as scope, s.pointer
        from unnest(p_steps) with ordinality as s
        where s.runs in ('split', 'loop', 'scope')
    ),

    nested (step, depth) as (
        select o.step, 1 from opener as o
        where o.scope = 0
        union all
        select o.step, n.depth + 1
        from nested as n
        inner join opener as o on n.step = o.scope
    )

    select jsonb_agg(
        automation_private.build_error(
            o.pointer, 'too_deep', 'bodies and splits are nested more than 32 deep',
            'move a part of it into a template of its own'
        ) order by o.step
    )
    from nested as n
    inner join opener as o on n.step = o.step
    where n.depth = 33;
end;

comment on function automation_private.check_depth(
    automation_private.compiled_step[], int[]
) is
    'The errors of splits, loops and scopes that are nested too deep.';
