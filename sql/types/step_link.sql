create type automation_private.step_link as (
    role text,
    target text,
    pointer text
);

comment on type automation_private.step_link is
    'What a step points at: the step a token goes to (next, else, case, branch, error, '
    'condition_error, timeout), the first step of its body (body), the split a merge names (split) '
    'or a step that it joins (from), a part of the context (reads; of a loop''s conditions '
    'reads_loop, at the end of a turn reads_turn, to undo the step reads_undo; reads_place: it '
    'only needs a loop around it).';
