create table automation_private.capture_failures (
    failure_id bigint generated always as identity primary key,
    table_name text not null,
    operation text not null,
    sqlstate text not null,
    message text not null,
    failed_at timestamptz not null default clock_timestamp()
);

comment on table automation_private.capture_failures is
    'Statements whose changes could not be captured: the statement went through, its events are '
    'missing, and this says why.';
