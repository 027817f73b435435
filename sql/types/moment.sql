create type automation_private.moment as (
    at timestamptz,
    error jsonb
);

comment on type automation_private.moment is
    'A point in time, or why there is none.';
