create table automation.automation_rules (
    org_id uuid not null,
    rule_id uuid not null,
    rule_name text not null,
    description text,
    category text,
    trigger_type text not null,
    trigger_config jsonb not null default '{}',
    conditions jsonb,
    condition_logic text not null default 'all',
    actions jsonb not null default '[]',
    execute_sequentially boolean not null default true,
    delay_between_actions_seconds int not null default 0,
    stop_on_error boolean not null default true,
    recheck_before_action boolean not null default true,
    priority int not null default 50,
    execution_settings jsonb not null default '{}',
    max_executions_per_day int,
    cooldown_minutes numeric,
    status text not null default 'draft',
    status_reason text,
    version int,
    total_executions bigint not null default 0,
    successful_executions bigint not null default 0,
    failed_executions bigint not null default 0,
    last_executed_at timestamptz,
    last_success_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    deleted_at timestamptz,
    primary key (org_id, rule_id),
    constraint status_is_known check (status in ('draft', 'active', 'paused', 'archived')),
    constraint trigger_type_is_known check (
        trigger_type in ('event', 'schedule', 'condition', 'manual', 'api')
    ),
    constraint condition_logic_is_known check (condition_logic in ('all', 'any', 'custom')),
    constraint priority_is_between_1_and_100 check (priority between 1 and 100),
    constraint delay_is_not_negative check (delay_between_actions_seconds >= 0),
    constraint active_rule_has_a_version check (status <> 'active' or version is not null)
);

create unique index automation_rule_name_is_free
on automation.automation_rules (org_id, rule_name) where deleted_at is null;

create index automation_rule_by_status on automation.automation_rules (org_id, status);

comment on table automation.automation_rules is
    'If-this-then-that rules: a trigger, conditions and actions that compile to a workflow '
    'definition.';
comment on column automation.automation_rules.execution_settings is
    'Mode, limits, cooldown, debounce and batch, as the rule''s document has them.';
comment on column automation.automation_rules.cooldown_minutes is
    'The cooldown of execution_settings in minutes, as max_executions_per_day is its limit a day.';
comment on column automation.automation_rules.version is
    'The version that fires, or that did when the rule was last active.';
comment on column automation.automation_rules.total_executions is
    'Runs that have ended; like the other counters rolled up by the clock, some seconds late.';
