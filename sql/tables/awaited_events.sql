create table automation_private.awaited_events (
    org_id uuid not null,
    definition_id uuid not null,
    event text not null,
    primary key (org_id, definition_id, event),
    foreign key (org_id, definition_id)
        references automation.workflow_definitions on delete cascade
);

create index awaited_event_by_name on automation_private.awaited_events (event, org_id);

comment on table automation_private.awaited_events is
    'Events that waits of stored definitions hear: recorded from before the first instance starts, '
    'whether or not one waits at the moment.';
