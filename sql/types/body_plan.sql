create type automation_private.body_plan as (
    regions int[],
    edges automation_private.step_edge[],
    errors jsonb
);

comment on type automation_private.body_plan is
    'For every step the loop or scope in whose body it stands (0: none), the ways that stay in '
    'their body, and the errors of those that do not.';
