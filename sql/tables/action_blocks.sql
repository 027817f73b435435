create table automation_private.action_blocks (
    org_id uuid not null,
    limit_key text not null,
    blocked_until timestamptz not null,
    is_swept boolean not null default false
);

create index action_block_by_key on automation_private.action_blocks (org_id, limit_key);

comment on table automation_private.action_blocks is
    'Actions and providers that asked to be left alone (HTTP 429); appended to, so that no report '
    'waits for another.';
comment on column automation_private.action_blocks.is_swept is
    'Whether the clock has taken back what was waiting in the queue.';
