create table automation_private.queued_arrivals (
    org_id uuid not null,
    instance_id uuid not null,
    scope_id uuid not null,
    merge_order int not null,
    from_order int not null,
    arrived int not null,
    primary key (org_id, instance_id, scope_id, merge_order, from_order)
);

comment on table automation_private.queued_arrivals is
    'Arrivals at merges without a split ("from") that wait for one from each of the other steps.';
