create table automation.automation_notifications (
    org_id uuid not null,
    notification_id uuid not null,
    user_id uuid,
    kind text not null,
    rule_id uuid,
    message text not null,
    details jsonb not null default '{}',
    dedupe_key text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, notification_id),
    foreign key (org_id, rule_id) references automation.automation_rules,
    constraint notification_is_given_once unique (org_id, dedupe_key)
);

comment on table automation.automation_notifications is
    'What the engine tells the owner of a rule: a limit was reached, the rule was paused. Each is '
    'an event, too (rule.limit_reached, rule.paused).';
comment on column automation.automation_notifications.user_id is
    'The owner: who created the rule.';
