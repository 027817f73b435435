create table automation_private.loop_items (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    iteration int not null,
    item jsonb not null,
    primary key (org_id, instance_id, step_id, iteration)
);

comment on table automation_private.loop_items is
    'The items of loops over lists, so that no turn reads the whole list.';
