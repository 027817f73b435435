create type automation_private.step_move as (
    from_order int,
    from_step text,
    to_order int,
    to_step text,
    next_order int,
    next_step text,
    fault text,
    next_fault text
);

comment on type automation_private.step_move is
    'What becomes of a step in another definition: the step in its place (null: none; fault: why '
    'nothing that stands there can go on as it is), and where a token goes on that stood at it if '
    'there is none (0: it ends).';
