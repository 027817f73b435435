create table automation_private.rollbacks (
    org_id uuid not null,
    instance_id uuid not null,
    boundary_id uuid not null,
    reason text,
    error jsonb not null,
    primary key (org_id, instance_id, boundary_id)
);

comment on table automation_private.rollbacks is
    'Instances (boundary_id = instance_id) and scope steps that have failed and whose completed '
    'steps are undone before the failure takes effect.';
