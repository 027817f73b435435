create type automation_private.gated_request as (
    request automation_private.start_request,
    firing automation_private.firing,
    gate jsonb,
    key text
);

comment on type automation_private.gated_request is
    'A firing with the instance that it would start and what it has to pass before.';
