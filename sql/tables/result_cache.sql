create table automation_private.result_cache (
    org_id uuid not null,
    action text not null,
    key_hash bytea not null,
    step_id uuid not null,
    output jsonb,
    expires_at timestamptz not null,
    primary key (org_id, action, key_hash, step_id)
);

create index result_cache_by_expiry on automation_private.result_cache (expires_at);

comment on table automation_private.result_cache is
    'Outputs of actions that were asked to keep them, by the key that the step gave. One row per '
    'activation that found none, so that nobody waits for anybody else who keeps the same.';
