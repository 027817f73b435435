create type automation_private.round as (
    present text[],
    is_timed boolean,
    keeps boolean,
    has_mutex boolean,
    is_again boolean,
    has_stopped boolean,
    is_cached boolean
);

comment on type automation_private.round is
    'What the steps entered in a round need: which kinds are present (error: some could not be '
    'entered), whether there are times, outputs to keep, mutexes, activations entered again, '
    'tokens that could not enter because their instance has stopped, and actions whose results are '
    'kept.';
