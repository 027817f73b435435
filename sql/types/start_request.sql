create type automation_private.start_request as (
    item int,
    org_id uuid,
    instance_id uuid,
    definition_id uuid,
    template_id uuid,
    rule_id uuid,
    rule_version int,
    event_id bigint,
    input jsonb,
    trigger jsonb,
    causation jsonb,
    idempotency_key text,
    instance_name text,
    error jsonb,
    admission jsonb,
    lineage automation_private.lineage
);

comment on type automation_private.start_request is
    'An instance that somebody wants started; with an error when it is refused.';
