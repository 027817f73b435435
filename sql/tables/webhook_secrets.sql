create table automation_private.webhook_secrets (
    org_id uuid not null,
    webhook_id uuid not null,
    secret_number int not null,
    secret bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    valid_until timestamptz,
    primary key (org_id, webhook_id, secret_number),
    foreign key (org_id, webhook_id) references automation_private.webhooks
);

comment on table automation_private.webhook_secrets is
    'What senders sign with: the current secret of a webhook, and earlier ones while they count.';
comment on column automation_private.webhook_secrets.secret is
    'The key itself: a signature can be checked with nothing less.';
comment on column automation_private.webhook_secrets.valid_until is
    'Null for the current secret.';
