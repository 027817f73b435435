create or replace function automation_private.check_mutexes(
    p_steps automation_private.compiled_step[],
    p_merges int[],
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
    )

    select automation_private.collect_errors(
        (
            select jsonb_agg(
                automation_private.build_error(
                    p_steps[o.step].pointer || '/mutex', 'mutex_is_held',
                    format(
                        '"%s" would wait for itself: "%s" around it has the mutex "%s"',
                        p_steps[o.step].step_key, p_steps[h.step].step_key, h.mutex
                    ),
                    'leave it out: what stands around it has it already'
                ) order by o.step, h.step
            )
            from outward as o
            inner join holder as h on o.scope = h.step and o.mutex = h.mutex and o.step <> h.step
        ),
        (
            select jsonb_agg(
                automation_private.build_error(
                    s.pointer || '/blocking', 'conflicting_keys',
                    format(
                        'the split "%s" has a mutex of its own already', p_steps[h.step].step_key
                    ),
                    'that lets only one generation run, too'
                ) order by s.ordinality
            )
            from unnest(p_steps) with ordinality as s
            inner join holder as h on h.step = p_scopes[s.ordinality]
            where s.source -> 'blocking' = 'true'
                and p_merges[s.ordinality] is not null
                and h.mutex is not null
        )
    );
end;

comment on function automation_private.check_mutexes(
    automation_private.compiled_step[], int[], int[]
) is
    'The errors of steps whose mutex is held around them, and of merges that hold generations back '
    'whose split has a mutex.';
