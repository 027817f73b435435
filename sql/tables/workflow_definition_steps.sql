create table automation.workflow_definition_steps (
    org_id uuid not null,
    definition_id uuid not null,
    step_order int not null,
    step_key text not null,
    step_name text,
    step_type text not null,
    runs text not null,
    action text,
    params jsonb not null default '{}',
    bindings jsonb,
    reads text[],
    condition jsonpath,
    derived jsonb,
    cases jsonb,
    next_order int not null default 0,
    else_order int not null default 0,
    error_order int,
    condition_error_order int,
    branches int[],
    branch_names text[],
    partner_order int not null default 0,
    body_order int not null default 0,
    timeout_order int,
    compensate_order int,
    from_orders int[],
    mutex text,
    options jsonb not null default '{}',
    result jsonb,
    result_bindings jsonb,
    save_as text,
    saves text not null default 'merge',
    output_is_read boolean not null default false,
    retry jsonb,
    timeout_is_set boolean not null default false,
    source jsonb not null,
    primary key (org_id, definition_id, step_order),
    unique (org_id, definition_id, step_key),
    foreign key (org_id, definition_id)
        references automation.workflow_definitions on delete cascade,
    constraint step_runs_in_a_known_way check (
        runs in (
            'external', 'native', 'condition', 'set', 'delay', 'split', 'merge', 'loop', 'scope',
            'wait', 'approval', 'workflow', 'stop'
        )
    ),
    constraint output_is_saved_in_a_known_way check (saves in ('merge', 'key', 'none'))
);

comment on table automation.workflow_definition_steps is
    'The compiled steps of a definition: what the engine joins its tokens against.';
comment on column automation.workflow_definition_steps.step_order is
    'Position in the definition, from 1; the start step is 1. Order 0 means "the end of this '
    'scope".';
comment on column automation.workflow_definition_steps.runs is
    'How the engine runs it: the step type, with actions told apart into external and native.';
comment on column automation.workflow_definition_steps.params is
    'All templated settings of the step as one object (config, timeout, for, values, reason, '
    '…), rendered once on entry.';
comment on column automation.workflow_definition_steps.reads is
    'The roots of the context that bindings and conditions read: vars, trigger, input, '
    'steps.<id>, status.<id>, run, org, now.';
comment on column automation.workflow_definition_steps.cases is
    'Guards tried in order (condition cases, matching splits) or the ways on that outcomes name '
    '(waits, approvals): [{"path", "derived", "order", "name"}].';
comment on column automation.workflow_definition_steps.error_order is
    'Where a failed step''s token goes; null fails the instance. on_error "continue" compiles '
    'to next_order.';
comment on column automation.workflow_definition_steps.partner_order is
    'Of a split: its merge; of a merge: its split. 0 = none.';
comment on column automation.workflow_definition_steps.body_order is
    'Of a loop or scope: the first step of its body.';
comment on column automation.workflow_definition_steps.timeout_order is
    'Where a token goes on whose step has timed out; null: the step fails.';
comment on column automation.workflow_definition_steps.compensate_order is
    'The hidden step (step_type "compensation") that undoes this one: its own order + 1000.';
comment on column automation.workflow_definition_steps.from_orders is
    'Of a merge without a split: the steps of each of which it joins one arrival.';
comment on column automation.workflow_definition_steps.options is
    'Settings that are no templates, in canonical form with their defaults.';
comment on column automation.workflow_definition_steps.result is
    'Of a loop: what each turn results in, rendered at the turn''s end.';
comment on column automation.workflow_definition_steps.output_is_read is
    'Whether another step reads steps.<id>: only then is the output kept at hand on the instance.';
