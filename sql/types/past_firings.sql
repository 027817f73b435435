create type automation_private.past_firings as (
    items int[],
    firsts int[],
    at timestamptz[],
    since timestamptz[],
    places int[],
    rows int[],
    kept int[],
    details jsonb[]
);

comment on type automation_private.past_firings is
    'Firings of a backtest in the order of time: the last event of each and the first that it '
    'stands for, when it comes to the gate, since when it has waited.';
comment on column automation_private.past_firings.places is
    'For each firing and check of the gate the first of the places that it competes for; 0: there '
    'are enough for all.';
comment on column automation_private.past_firings.rows is
    'The row that each firing is about; 0: it always meets the condition.';
comment on column automation_private.past_firings.kept is
    'The last event of what debounce or batch has not let go yet.';
comment on column automation_private.past_firings.details is
    'What each firing of a threshold crossed.';
