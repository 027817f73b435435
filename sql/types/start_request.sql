create type automation_private.start_request as (
    item int,
    instance_id uuid,
    input jsonb,
    trigger jsonb,
    idempotency_key text,
    instance_name text,
    error jsonb
);

comment on type automation_private.start_request is
    'An instance that somebody wants started; with an error when it is refused.';
