create type automation_private.threshold_state as (
    phase text,
    since numeric,
    due numeric,
    value numeric,
    at numeric,
    seq numeric,
    samples bigint,
    fired_at numeric,
    reached jsonb,
    held_window jsonb,
    fires int,
    levels jsonb,
    recovers boolean,
    trace text,
    overdue text
);

comment on type automation_private.threshold_state is
    'What is known of one thing that a threshold watches, and what the last step did (from fires '
    'on).';
