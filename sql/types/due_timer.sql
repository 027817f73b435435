create type automation_private.due_timer as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    kind text,
    due_at timestamptz,
    token automation_private.token,
    attempt int
);

comment on type automation_private.due_timer is
    'A timer that is due and claimed by this transaction; of a walk cut short with its token.';
