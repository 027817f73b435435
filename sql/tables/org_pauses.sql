create table automation.org_pauses (
    org_id uuid not null,
    paused_at timestamptz not null,
    reason text,
    paused_by uuid,
    paused_login name not null default session_user,
    resumed_at timestamptz,
    grace interval,
    overdue int not null default 0,
    released int not null default 0,
    primary key (org_id, paused_at),
    constraint a_pause_ends_after_it_began check (resumed_at >= paused_at)
);

create unique index org_pause_that_lasts on automation.org_pauses (org_id)
where resumed_at is null;

comment on table automation.org_pauses is
    'When organisations stood still, and why; those without "resumed_at" do so now.';
comment on column automation.org_pauses.grace is
    'What was due longer than this before the organisation was resumed is given up; null: nothing.';
comment on column automation.org_pauses.overdue is
    'How many timers were waiting for the end of the pause; of these, "released" have been let go.';
