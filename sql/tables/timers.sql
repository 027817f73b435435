create table automation_private.timers (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    kind text not null,
    root_id uuid not null,
    due_at timestamptz not null,
    step_order int,
    scope_id uuid,
    iteration_id uuid,
    from_order int,
    enters_id uuid,
    attempt int not null default 0,
    overdue_since timestamptz,
    is_held boolean not null default false,
    primary key (org_id, instance_id, step_id, kind, attempt),
    constraint overdue_timer_has_no_time check (overdue_since is null or due_at = 'infinity'),
    constraint held_timer_is_overdue check (not is_held or overdue_since is not null),
    constraint kind_is_known check (
        kind in (
            'delay', 'retry', 'timeout', 'deadline', 'continue', 'look_back', 'event', 'poll',
            'remind', 'escalate', 'restarted', 'goal', 'exit_criteria', 'removed', 'org_paused'
        )
    )
) with (fillfactor = 90);

create index timer_by_due_time on automation_private.timers (due_at);

create index timer_overdue on automation_private.timers (org_id, overdue_since)
where overdue_since is not null and not is_held;

comment on table automation_private.timers is
    'Everything that waits for a time: delays, retries, timeouts, deadlines of instances, walks '
    'cut short, reminders; and what woke a wait.';
comment on column automation_private.timers.attempt is
    'Of a timeout: the attempt that it limits; of a reminder or escalation: which one.';
comment on column automation_private.timers.overdue_since is
    'Of a timer that became due while its organisation or instance was paused: when that was. '
    'Until it is let go, it is due at infinity.';
comment on column automation_private.timers.is_held is
    'Whether it is its instance, not its organisation, that has to be resumed.';
comment on column automation_private.timers.step_order is
    'Of a walk cut short: the step before which the token stands, with what else a token is.';
