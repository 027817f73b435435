create table automation_private.mutexes (
    org_id uuid not null,
    instance_id uuid not null,
    mutex text not null,
    step_id uuid not null,
    primary key (org_id, instance_id, mutex)
);

comment on table automation_private.mutexes is
    'Which activation of an instance holds which mutex.';
