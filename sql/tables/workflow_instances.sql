create table automation.workflow_instances (
    org_id uuid not null,
    instance_id uuid not null,
    root_id uuid not null,
    parent_instance_id uuid,
    parent_step_id uuid,
    depth int not null default 0,
    forked_from uuid,
    definition_id uuid not null,
    template_id uuid,
    rule_id uuid,
    rule_version int,
    instance_name text,
    timezone text not null,
    status text not null default 'running',
    live int not null default 1,
    activations int not null default 0,
    max_activations int not null default 10000,
    steps_completed int not null default 0,
    steps_failed int not null default 0,
    steps_total int not null,
    context_data jsonb not null default '{}',
    step_outputs jsonb not null default '{}',
    trigger_type text not null,
    trigger_data jsonb not null default '{}',
    input_data jsonb not null default '{}',
    event_id bigint,
    event_mark bigint not null default 0,
    watches int not null default 0,
    causation jsonb,
    admission jsonb,
    triggered_by uuid,
    triggered_login name not null default session_user,
    triggered_at timestamptz not null,
    started_at timestamptz,
    completed_at timestamptz,
    execution_time_seconds numeric(18, 3),
    execution_results jsonb,
    stop_reason text,
    paused_at timestamptz,
    resumed_at timestamptz,
    retries int not null default 0,
    ended_in xid8,
    error_message text,
    error_details jsonb,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, instance_id),
    foreign key (org_id, definition_id) references automation.workflow_definitions,
    foreign key (org_id, template_id) references automation.workflow_templates,
    foreign key (org_id, rule_id) references automation.automation_rules,
    constraint status_is_known check (
        status in ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')
    ),
    constraint trigger_type_is_known check (
        trigger_type in ('scheduled', 'event', 'manual', 'api')
    ),
    constraint ended_instance_has_no_live_token check (
        status in ('pending', 'running', 'paused') or live = 0
    ),
    constraint ended_instance_says_when check (
        (completed_at is not null) = (status in ('completed', 'failed', 'cancelled'))
    )
) with (fillfactor = 70);

alter table automation.workflow_instances
alter column context_data set storage external,
alter column step_outputs set storage external;

create index workflow_instance_by_time
on automation.workflow_instances (created_at, org_id);

create index workflow_instance_by_parent
on automation.workflow_instances (parent_instance_id, parent_step_id)
where parent_instance_id is not null;

comment on table automation.workflow_instances is
    'Workflow executions. What is open lives in timers and the queue, so there is no status index.';
comment on column automation.workflow_instances.root_id is
    'The instance at the top of a family of awaited sub-workflows; its row is the family''s lock.';
comment on column automation.workflow_instances.parent_step_id is
    'Of a sub-workflow that is waited for: the activation of the step that started it, in '
    'parent_instance_id.';
comment on column automation.workflow_instances.depth is
    'How many sub-workflows it is nested in.';
comment on column automation.workflow_instances.event_mark is
    'The last event recorded before it began: a wait since "run" sees those after it.';
comment on column automation.workflow_instances.watches is
    'How many of its waits look at a condition, and so again whenever a step is done.';
comment on column automation.workflow_instances.live is
    'Live tokens in the instance''s own scope; at zero the instance completes.';
comment on column automation.workflow_instances.activations is
    'Step activations so far, bounded by the setting max_activations.';
comment on column automation.workflow_instances.context_data is
    'The workflow''s variables. Stored uncompressed, so that its size is known without reading it.';
comment on column automation.workflow_instances.step_outputs is
    'Outputs and errors of the steps that other steps read; every output is in workflow_steps.';
comment on column automation.workflow_instances.paused_at is
    'When it was paused last; "resumed_at": when that pause ended.';
comment on column automation.workflow_instances.retries is
    'How often it has been retried after it had failed.';
comment on column automation.workflow_instances.ended_in is
    'The transaction in which it ended: what failed or was cancelled with it is opened again by a '
    'retry.';
comment on column automation.workflow_instances.causation is
    'Of an instance that an event started: the first event of its chain, how deep in it, and which '
    'rules have fired for what ("visited").';
comment on column automation.workflow_instances.admission is
    'Who has to know when it ends: the listener and key whose next firing waits, the slots of '
    'limits that a failure gives back.';
