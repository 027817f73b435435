create or replace function automation_private.check_blocking(
    p_steps automation_private.compiled_step[],
    p_merges int[],
    p_scopes int[]
)
returns jsonb
language sql
immutable
begin atomic
    select jsonb_agg(
        automation_private.build_error(
            s.pointer || '/blocking', 'conflicting_keys',
            format(
                'the split "%s" has a mutex of its own already',
                p_steps[p_scopes[s.ordinality]].step_key
            ),
            'that lets only one generation run, too'
        ) order by s.ordinality
    )
    from unnest(p_steps) with ordinality as s
    where s.source -> 'blocking' = 'true'
        and p_merges[s.ordinality] is not null
        and p_scopes[s.ordinality] > 0
        and p_steps[p_scopes[s.ordinality]].mutex is not null;
end;

comment on function automation_private.check_blocking(
    automation_private.compiled_step[], int[], int[]
) is
    'The errors of merges that hold generations back whose split has a mutex.';
