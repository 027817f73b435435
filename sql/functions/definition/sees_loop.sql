create or replace function automation_private.sees_loop(
    p_steps automation_private.compiled_step[],
    p_loops int[],
    p_role text,
    p_name text
)
returns boolean
language sql
immutable
return case
    when p_name = 'loop' then p_role = 'reads_loop' or p_loops <> '{}'
    else exists (
        select from unnest(p_loops) as l (step) where p_steps[l.step].options ->> 'as' = p_name
    )
end;

comment on function automation_private.sees_loop(
    automation_private.compiled_step[], int[], text, text
) is
    'Whether one of the loops makes the name known: loop, or what it calls its item. A loop''s own '
    'conditions see it, too, but no item.';
