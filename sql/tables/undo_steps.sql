create table automation_private.undo_steps (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    boundary_id uuid not null,
    place int not null,
    step_order int not null,
    iteration_id uuid,
    from_order int not null,
    has_begun boolean not null default false,
    primary key (org_id, instance_id, step_id),
    unique (org_id, instance_id, boundary_id, place)
);

comment on table automation_private.undo_steps is
    'Completed activations that a rollback undoes, in this order (place), each by the hidden '
    'compensation step step_order.';
