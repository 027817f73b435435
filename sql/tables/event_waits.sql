create table automation_private.event_waits (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    place int not null,
    event text not null,
    root_id uuid not null,
    mark bigint not null,
    shape text not null,
    key text,
    needed int not null,
    consumes boolean not null,
    look_from bigint,
    look_until bigint,
    undecided int not null default 0,
    primary key (org_id, instance_id, step_id, place, event)
) with (fillfactor = 70);

create index event_wait_by_key on automation_private.event_waits (event, org_id, shape, key);

-- those that every event of the name wakes
create index event_wait_without_key on automation_private.event_waits (org_id, event)
where shape = '[]';

comment on table automation_private.event_waits is
    'What activations wait for: one row per branch and event name, looked up by what an event '
    'says.';
comment on column automation_private.event_waits.place is
    'Which of the step''s branches, from 1.';
comment on column automation_private.event_waits.mark is
    'The last event recorded before: only later ones count. Ids, because clocks do not agree.';
comment on column automation_private.event_waits.shape is
    'The places in an event that have to be equal to something, as a list of paths.';
comment on column automation_private.event_waits.key is
    'What has to be there, hashed; null: nothing is ever equal to a value that is missing.';
comment on column automation_private.event_waits.needed is
    'How many events it takes.';
comment on column automation_private.event_waits.consumes is
    'Whether an event that counts here counts for no other wait.';
comment on column automation_private.event_waits.look_from is
    'Where the look back over what was dispatched before this row was there goes on, up to '
    'look_until; null: it is done.';
comment on column automation_private.event_waits.undecided is
    'For how many events the filter could not be decided.';
