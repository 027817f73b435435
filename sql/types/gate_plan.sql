create type automation_private.gate_plan as (
    verdicts text[],
    most int[],
    sources int[],
    lengths interval[],
    kinds text[],
    zones text[],
    limits jsonb,
    queue_most int
);

comment on type automation_private.gate_plan is
    'The checks of a gate in their order. In each a firing takes one of so many (most) places '
    'for a time; when they are taken, the verdict says what becomes of the next one.';
comment on column automation_private.gate_plan.sources is
    'Which of a firing''s keys has places of its own; 0: all share them; -1: the first one, and '
    'what has none needs no place.';
comment on column automation_private.gate_plan.kinds is
    'What ends the time: "span" (a length of time), "duration" (one of calendar days), or the end '
    'of a minute, hour, day, week or month.';
