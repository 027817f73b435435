create table automation_private.condition_waits (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    primary key (org_id, instance_id, step_id)
);

comment on table automation_private.condition_waits is
    'Activations that wait for a condition to hold.';
