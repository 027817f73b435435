create table automation.automation_rule_versions (
    org_id uuid not null,
    rule_id uuid not null,
    version int not null,
    rule jsonb not null,
    definition_id uuid not null,
    activated_by uuid,
    activated_login name not null default session_user,
    activated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, rule_id, version),
    foreign key (org_id, rule_id) references automation.automation_rules,
    foreign key (org_id, definition_id) references automation.workflow_definitions
);

comment on table automation.automation_rule_versions is
    'What each version of a rule was: every activation and every edit of an active rule makes one, '
    'and they never change.';
