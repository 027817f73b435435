create type automation_private.step_edge as (
    source int,
    target int,
    opens boolean,
    enters boolean,
    pointer text
);

comment on type automation_private.step_edge is
    'A way from one step to another, by their orders; opens: it leads into the scope of a split, '
    'or enters the body of a loop or scope; where it is written.';
