create table automation_private.limited_messages (
    org_id uuid not null,
    message_id bigint not null,
    limit_key text not null,
    instance_id uuid not null,
    step_id uuid not null,
    attempt int not null,
    reads int not null default 0,
    primary key (org_id, message_id, limit_key)
);

comment on table automation_private.limited_messages is
    'Messages that count against a limit, written and read by whoever fills the queue of the '
    'organisation; one that has left the queue counts no more.';
comment on column automation_private.limited_messages.reads is
    'How often a worker has taken the message, as far as that has been counted as a start.';
