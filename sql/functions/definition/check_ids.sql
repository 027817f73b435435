create or replace function automation_private.check_ids(
    p_steps automation_private.compiled_step[],
    p_targets jsonb,
    p_walk int[]
)
returns jsonb
language sql
immutable
begin atomic
    select jsonb_agg(
        case
            when (p_targets ->> s.step_key)::int <> s.ordinality
                then automation_private.build_error(
                    s.pointer || '/id', 'duplicate_id',
                    format('another step has the id "%s"', left(s.step_key, 100)),
                    'give every step an id of its own'
                )
            else automation_private.build_error(
                s.pointer, 'unreachable_step',
                format('no way leads to the step "%s"', left(s.step_key, 100)),
                format('the workflow begins at "%s"', p_steps[1].step_key)
            )
        end order by s.ordinality
    )
    from unnest(p_steps) with ordinality as s
    where (p_targets ->> s.step_key)::int <> s.ordinality
        or s.step_key is not null and s.ordinality <> all(p_walk);
end;

comment on function automation_private.check_ids(
    automation_private.compiled_step[], jsonb, int[]
) is
    'The errors of steps whose id is taken, and of steps that cannot be reached.';
