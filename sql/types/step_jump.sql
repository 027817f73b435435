create type automation_private.step_jump as (
    edge int,
    body int,
    leaves boolean
);

comment on type automation_private.step_jump is
    'A way, by its place in a list, that leads out of the body of a loop or scope, or into one.';
