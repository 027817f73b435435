create type automation_private.choice as (
    orders int[],
    names text[],
    failed boolean
);

comment on type automation_private.choice is
    'Which guarded branches were taken, in order; failed when a guard could not be decided.';
