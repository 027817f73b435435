create table automation_private.webhooks (
    org_id uuid not null,
    webhook_id uuid not null,
    name text not null,
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    last_received_at timestamptz,
    primary key (org_id, webhook_id),
    unique (org_id, name)
);

-- not unique, or it would span organisations; the ids are random and made here
create index webhook_by_id on automation_private.webhooks (webhook_id);

comment on table automation_private.webhooks is
    'Where others may report what happened on their side: messages received under the id become '
    'events webhook.<name>.';
comment on column automation_private.webhooks.last_received_at is
    'To the minute, so that a busy webhook does not rewrite this row for every message.';
