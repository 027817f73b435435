create table automation_private.in_flight_changes (
    org_id uuid not null,
    change int not null
);

create index in_flight_change_by_org on automation_private.in_flight_changes (org_id);

comment on table automation_private.in_flight_changes is
    'How many external actions of an organisation are in the queue, as a sum; appended to, so that '
    'nobody waits for a counter, and folded by the clock.';
