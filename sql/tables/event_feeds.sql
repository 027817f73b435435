create table automation_private.event_feeds (
    org_id uuid primary key
);

comment on table automation_private.event_feeds is
    'Organisations whose events are dispatched. The row is the lock: one engine at a time, and '
    'nobody changes what listens meanwhile.';
