create or replace function automation_private.describe_inner_read(
    p_steps automation_private.compiled_step[],
    p_loops int[],
    p_step int,
    p_reader text,
    p_pointer text
)
returns jsonb
language sql
immutable
return automation_private.build_error(
    p_pointer, 'step_is_in_loop',
    format(
        '%s reads the output of "%s", which each turn of the loop "%s" has for itself', p_reader,
        p_steps[p_step].step_key, p_steps[p_loops[p_step]].step_key
    ),
    format(
        'let "result" of the loop say what a turn results in, and read steps.%s.results',
        p_steps[p_loops[p_step]].step_key
    )
);

comment on function automation_private.describe_inner_read(
    automation_private.compiled_step[], int[], int, text, text
) is
    'The error of reading a step of a loop''s body from outside of the loop.';
