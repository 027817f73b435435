create type automation_private.due_timer as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    kind text,
    due_at timestamptz,
    step_order int,
    scope_id uuid,
    iteration int,
    attempt int
);

comment on type automation_private.due_timer is
    'A timer that is due and claimed by this transaction.';
