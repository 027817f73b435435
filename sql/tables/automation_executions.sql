create table automation.automation_executions (
    org_id uuid not null,
    execution_id uuid not null,
    execution_type text not null,
    rule_id uuid,
    rule_version int,
    template_id uuid,
    instance_id uuid,
    event_id bigint,
    trigger_source text not null,
    trigger_data jsonb,
    context_data jsonb,
    status text not null,
    reason text,
    occurrences int not null default 1,
    started_at timestamptz not null,
    completed_at timestamptz not null,
    execution_time_ms bigint not null,
    steps_executed int not null default 0,
    actions_executed int not null default 0,
    actions_successful int not null default 0,
    actions_failed int not null default 0,
    execution_log jsonb,
    error_message text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, execution_id),
    foreign key (org_id, rule_id) references automation.automation_rules,
    constraint execution_type_is_known check (execution_type in ('rule', 'workflow')),
    constraint status_is_known check (status in ('success', 'failed', 'partial', 'skipped'))
);

create index automation_execution_by_time
on automation.automation_executions (completed_at, org_id);

comment on table automation.automation_executions is
    'History: one row per rule firing or workflow run, written once, when its outcome is known.';
comment on column automation.automation_executions.execution_id is
    'Of a run: the instance''s id, so that no end of it can be in the history twice; of its later '
    'ends, after retries, ids of their own.';
comment on column automation.automation_executions.reason is
    'Why it ended or was skipped: failed step''s error code, cancelled, stop reason, or what '
    'suppressed the firing.';
comment on column automation.automation_executions.occurrences is
    'Of a suppressed firing: how many of the kind the row stands for, of which it shows the last.';
