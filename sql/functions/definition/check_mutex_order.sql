create or replace function automation_private.check_mutex_order(
    p_steps automation_private.compiled_step[],
    p_scopes int[]
)
returns jsonb
language sql
immutable
begin atomic
    with recursive holder as materialized (
        select s.ordinality::int as step, s.mutex, p_scopes[s.ordinality] as scope
        from unnest(p_steps) with ordinality as s
        where s.runs in ('split', 'loop', 'scope')
    ),

    outward (step, mutex, scope) as (
        select s.ordinality::int, s.mutex, p_scopes[s.ordinality]
        from unnest(p_steps) with ordinality as s
        where s.mutex is not null
        union
        select o.step, o.mutex, h.scope
        from outward as o
        inner join holder as h on o.scope = h.step
    ),

    wish as materialized (
        select h.mutex as held, o.mutex as wanted, min(o.step) as step
        from outward as o
        inner join holder as h on o.scope = h.step and o.mutex <> h.mutex
        group by h.mutex, o.mutex
    ),

    chain (held, wanted) as (
        select w.held, w.wanted from wish as w
        union
        select c.held, w.wanted
        from chain as c
        inner join wish as w on c.wanted = w.held
    )

    select jsonb_agg(
        automation_private.build_error(
            p_steps[w.step].pointer || '/mutex', 'mutexes_cross',
            format(
                '"%s" takes the mutex "%s" inside of "%s", and elsewhere "%3$s" is taken inside '
                'of "%2$s": two turns or branches could wait for each other for ever',
                p_steps[w.step].step_key, w.wanted, w.held
            ),
            'take them in the same order everywhere'
        ) order by w.step
    )
    from wish as w
    inner join chain as c on w.wanted = c.held and w.held = c.wanted;
end;

comment on function automation_private.check_mutex_order(
    automation_private.compiled_step[], int[]
) is
    'The errors of mutexes that are taken inside of each other in different orders.';
