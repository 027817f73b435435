create type automation_private.action_call as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    step_key text,
    action text,
    config jsonb,
    attempt int,
    timeout interval
);

comment on type automation_private.action_call is
    'An action to be run: sent to the queue or called in the transition.';
