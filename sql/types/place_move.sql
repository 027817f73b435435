create type automation_private.place_move as (
    kind text,
    id uuid,
    step text,
    fate text,
    to_step text,
    from_order int,
    to_order int,
    reason text
);

comment on type automation_private.place_move is
    'What a migration does with a place where an instance stands, an activation or a token: kept, '
    'moved (to the successor of its step), ended or blocked.';
