create type automation_private.past as (
    seen bigint,
    days jsonb,
    missed jsonb,
    missed_events bigint[],
    missed_leaves int[],
    events bigint[],
    at timestamptz[],
    verdicts text[],
    keyless boolean[],
    groups int[],
    group_counts int[],
    samples jsonb[],
    rows int[],
    gone tstzmultirange[]
);

comment on type automation_private.past is
    'What a rule makes of the recorded events of a time, before the gate: how many there were, on '
    'which days, near misses, and those that matter, one after the other.';
comment on column automation_private.past.groups is
    'For each event the numbers of its keys, which count from 1 for each kind of key.';
comment on column automation_private.past.rows is
    'For each event the number of its row, if what waits is asked again.';
comment on column automation_private.past.gone is
    'For each row when it did not meet the condition.';
