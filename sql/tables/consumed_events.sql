create table automation_private.consumed_events (
    org_id uuid not null,
    event_id bigint not null,
    instance_id uuid not null,
    step_id uuid not null,
    primary key (org_id, event_id),
    foreign key (org_id, event_id) references automation.automation_events on delete cascade
);

comment on table automation_private.consumed_events is
    'Events that a wait has taken for itself: no other wait that consumes takes them, too.';
