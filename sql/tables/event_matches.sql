create table automation_private.event_matches (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    place int not null,
    event_id bigint not null,
    is_looked_back boolean not null,
    is_met boolean,
    primary key (org_id, instance_id, step_id, place, event_id, is_looked_back)
) with (fillfactor = 80);

comment on table automation_private.event_matches is
    'Events that fit what an activation waits for and have not decided it yet.';
comment on column automation_private.event_matches.is_looked_back is
    'Who found it: the look back or the dispatch. Apart, so that the two never wait for each '
    'other.';
comment on column automation_private.event_matches.is_met is
    'Whether the filter holds, too; null: not looked at yet.';
