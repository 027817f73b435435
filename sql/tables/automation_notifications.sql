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
    'What the engine tells people: the owner of a rule that a limit was reached or the rule was '
    'paused, an approver that a vote is awaited. Each is an event, too (rule.limit_reached, '
    'rule.paused, approval.requested, approval.reminder, approval.escalated).';
comment on column automation.automation_notifications.user_id is
    'Who is told: the owner (who created the rule), or an approver.';
comment on column automation.automation_notifications.kind is
    'limit_reached, paused; approval.requested, approval.reminder, approval.escalated.';
