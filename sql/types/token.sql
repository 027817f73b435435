create type automation_private.token as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_order int,
    scope_id uuid,
    iteration int
);

comment on type automation_private.token is
    'Where an instance stands: before a step, in a scope. Order 0: it has ended; -n: it has '
    'arrived at merge n.';
