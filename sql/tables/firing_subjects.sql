create table automation_private.firing_subjects (
    org_id uuid not null,
    listener_id uuid not null,
    key text not null,
    running uuid[] not null default '{}',
    last_id uuid,
    fired_at timestamptz,
    fired bigint not null default 0,
    is_removed boolean not null default false,
    threshold jsonb,
    keep_until timestamptz,
    primary key (org_id, listener_id, key)
) with (fillfactor = 80);

create index firing_subject_by_end
on automation_private.firing_subjects (keep_until) where keep_until is not null;

comment on table automation_private.firing_subjects is
    'What is known of each thing that a rule or template has fired for, or watches. Written by '
    'whoever holds the organisation''s feed.';
comment on column automation_private.firing_subjects.running is
    'The instances that were started last; some may have ended since.';
comment on column automation_private.firing_subjects.is_removed is
    'Taken out by hand: events do not let it in again.';
comment on column automation_private.firing_subjects.threshold is
    'The state of a condition trigger, as threshold_step left it.';
comment on column automation_private.firing_subjects.keep_until is
    'When nothing of it matters any more, unless a run goes on; null: never.';
