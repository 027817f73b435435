create type automation_private.past as (
    days date[],
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
    'What a rule makes of the recorded events of a time, before the gate: on which days they were, '
    'near misses, and, one after the other, those that matter.';
comment on column automation_private.past.groups is
    'For each event the numbers of its keys, which count from 1 for each kind of key.';
comment on column automation_private.past.rows is
    'For each event the number of its row; 0: it always meets the condition.';
comment on column automation_private.past.gone is
    'For each row when it does not meet the condition.';
