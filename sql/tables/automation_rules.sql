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
    definition_id uuid,
    execute_sequentially boolean not null default true,
    max_executions_per_day int,
    delay_between_actions_seconds int not null default 0,
    stop_on_error boolean not null default true,
    priority int not null default 50,
    cooldown_minutes int not null default 0,
    status text not null default 'draft',
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    deleted_at timestamptz,
    primary key (org_id, rule_id),
    foreign key (org_id, definition_id) references automation.workflow_definitions,
    constraint status_is_known check (status in ('draft', 'active', 'paused', 'archived')),
    constraint trigger_type_is_known check (
        trigger_type in ('event', 'schedule', 'condition', 'manual', 'api')
    ),
    constraint condition_logic_is_known check (condition_logic in ('all', 'any', 'custom')),
    constraint limits_are_not_negative check (
        coalesce(max_executions_per_day, 0) >= 0
        and delay_between_actions_seconds >= 0
        and cooldown_minutes >= 0
    )
);

create index automation_rule_by_status on automation.automation_rules (org_id, status);

comment on table automation.automation_rules is
    'If-this-then-that rules: a trigger, conditions and actions that compile to a workflow '
    'definition.';
