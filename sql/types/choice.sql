create type automation_private.choice as (
    orders int[],
    names text[],
    failed boolean,
    error jsonb
);

comment on type automation_private.choice is
    'Which branches were taken, in order; failed when a guard could not be decided, with an error '
    'when there is more to say.';
