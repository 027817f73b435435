create table automation.approvals (
    org_id uuid not null,
    step_id uuid not null,
    instance_id uuid not null,
    root_id uuid not null,
    step_key text not null,
    status text not null default 'open',
    message text not null,
    content jsonb,
    content_hash text not null,
    revision int not null default 1,
    approvers jsonb not null,
    escalations jsonb not null default '[]',
    level int not null default 0,
    required int not null,
    allow_self boolean not null,
    takes_changes boolean not null,
    on_timeout text not null,
    requested_by uuid,
    requested_at timestamptz not null,
    due_at timestamptz,
    awaited uuid[] not null default '{}',
    approvals int not null default 0,
    decided_at timestamptz,
    decided_by uuid,
    comment text,
    primary key (org_id, step_id),
    foreign key (org_id, instance_id, step_id) references automation.workflow_steps,
    constraint status_is_known check (
        status in (
            'open', 'approved', 'rejected', 'changes_requested', 'timed_out', 'cancelled'
        )
    ),
    constraint closed_approval_says_when check ((decided_at is null) = (status = 'open')),
    constraint on_timeout_is_known check (
        on_timeout in ('reject', 'approve', 'escalate', 'next')
    )
);

create index approval_open on automation.approvals (requested_at, org_id)
where status = 'open';

comment on table automation.approvals is
    'What people are asked to approve: one row per activation of an approval step.';
comment on column automation.approvals.content is
    'What is approved, as it was when it was asked for or last revised.';
comment on column automation.approvals.content_hash is
    'SHA-256 of message and content: names what a vote was about.';
comment on column automation.approvals.revision is
    'Counts the versions of the content; votes for earlier ones are void.';
comment on column automation.approvals.approvers is
    'Who may decide: [{"user"} | {"role"}], with those that escalations have added.';
comment on column automation.approvals.escalations is
    'Who is added at each level: [[{"user"} | {"role"}]].';
comment on column automation.approvals.level is
    'How many escalations have taken place.';
comment on column automation.approvals.takes_changes is
    'Whether the step says what follows when changes are requested.';
comment on column automation.approvals.awaited is
    'Who may still approve and has not, as of the last vote or change of members.';
comment on column automation.approvals.approvals is
    'How many have approved the present content, as of the last vote or change of members.';
comment on column automation.approvals.decided_by is
    'Whose vote decided; null when the time did, or nobody.';
