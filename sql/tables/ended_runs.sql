create table automation_private.ended_runs (
    org_id uuid not null,
    instance_id uuid not null,
    listener_id uuid not null,
    key text not null,
    failed boolean not null,
    slots jsonb,
    primary key (org_id, instance_id)
);

comment on table automation_private.ended_runs is
    'Runs that have ended and that a firing waits for, or that may give a limit its slot back; '
    'appended to by whoever ends them, consumed by the clock.';
