create type automation_private.merge_move as (
    scope automation_private.moved_scope,
    merge_key text,
    next_order int,
    output_is_read boolean,
    fires int,
    joined int,
    cancels boolean,
    leaves int,
    passes int
);

comment on type automation_private.merge_move is
    'What follows from a move in the scope of a split: how often its merge fires and for how many '
    'arrivals each time, whether the rest is cancelled, how many tokens leave the scope around it '
    '(negative: are added), and how many arrivals that scope''s merge gets.';
