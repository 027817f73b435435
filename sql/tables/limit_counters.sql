create table automation_private.limit_counters (
    org_id uuid not null,
    limit_key text not null,
    window_start timestamptz not null,
    window_end timestamptz not null,
    used int not null default 0,
    hits timestamptz[],
    primary key (org_id, limit_key, window_start),
    constraint use_is_not_negative check (used >= 0)
) with (fillfactor = 80);

create index limit_counter_by_end on automation_private.limit_counters (window_end);

comment on table automation_private.limit_counters is
    'How often a limit''s window has been used. Rows of windows that are over are removed by the '
    'clock.';
comment on column automation_private.limit_counters.limit_key is
    'What the limit counts: a rule, a rule and a subject, or the organisation, and its window.';
comment on column automation_private.limit_counters.hits is
    'Of a rolling window: when it was used.';
