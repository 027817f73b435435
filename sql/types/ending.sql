create type automation_private.ending as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    status text,
    reason text,
    error jsonb,
    all_tokens_ended boolean
);

comment on type automation_private.ending is
    'That an instance ends, how and why; unless all its tokens have ended, open steps are '
    'cancelled.';
