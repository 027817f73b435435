create type automation_private.past_decisions as (
    items int[],
    firsts int[],
    at timestamptz[],
    verdicts text[],
    hits int[],
    details jsonb[],
    matched_at timestamptz[],
    merged int,
    traces text[]
);

comment on type automation_private.past_decisions is
    'What would have become of the firings of a backtest: "fires" or a reason, and when.';
comment on column automation_private.past_decisions.hits is
    'Which check of the gate had no room; 0: none.';
comment on column automation_private.past_decisions.details is
    'What each of the first ones, those of a threshold, crossed.';
comment on column automation_private.past_decisions.matched_at is
    'When the rule''s conditions turned true, or its threshold was crossed while they held.';
comment on column automation_private.past_decisions.merged is
    'How many of these became part of another one by debounce or batch.';
comment on column automation_private.past_decisions.traces is
    'What the threshold made of each value.';
