create type automation_private.resolved_links as (
    source int,
    next_order int,
    else_order int,
    error_order int,
    condition_error_order int,
    body_order int,
    timeout_order int,
    from_orders int[],
    branches int[],
    cases jsonb
);

comment on type automation_private.resolved_links is
    'Where a step leads to, by the orders of steps.';
