create table automation.workflow_steps (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    step_order int not null,
    step_key text not null,
    step_type text not null,
    status text not null,
    scope_id uuid not null,
    iteration_id uuid,
    from_order int,
    iteration int,
    attempt int not null default 1,
    input_data jsonb,
    output_data jsonb,
    error jsonb,
    earlier_attempts jsonb,
    branch_taken text,
    live int,
    arrived int,
    merge_order int,
    locals jsonb,
    message_id bigint,
    cache_key bytea,
    timeout_after interval,
    ended_in xid8,
    started_at timestamptz not null default clock_timestamp(),
    completed_at timestamptz,
    execution_time_ms int,
    primary key (org_id, instance_id, step_id),
    foreign key (org_id, instance_id) references automation.workflow_instances,
    constraint status_is_known check (
        status in (
            'pending', 'running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled'
        )
    )
) with (fillfactor = 80);

alter table automation.workflow_steps alter column locals set storage external;

-- neither its columns nor its predicate ever change, and steps of sequences are not in it
create index workflow_step_by_scope on automation.workflow_steps (scope_id)
where scope_id <> instance_id;

comment on table automation.workflow_steps is
    'One row per activation of a step: the token while it stands there, the history afterwards.';
comment on column automation.workflow_steps.status is
    'pending: not handed out yet; running: handed to the queue, or an open scope; waiting: for '
    'a time or an event.';
comment on column automation.workflow_steps.scope_id is
    'What the token lives in: the instance, or the activation of a split, a scope or a turn of a '
    'loop (step_type "iteration"), which itself lives in the activation of the loop.';
comment on column automation.workflow_steps.iteration_id is
    'The innermost turn of a loop around it.';
comment on column automation.workflow_steps.from_order is
    'The step that its token came from.';
comment on column automation.workflow_steps.iteration is
    'Of a turn of a loop: its number, from 0.';
comment on column automation.workflow_steps.live is
    'Of a scope: how many of its tokens are still alive; of a loop: how many turns run.';
comment on column automation.workflow_steps.arrived is
    'Of a split: how many of its tokens reached the merge; of a merge: how many it joined.';
comment on column automation.workflow_steps.locals is
    'Of a turn of a loop: what only the steps in it see, {"roots": {"loop": …, <as>: …}, '
    '"vars": …, "steps": …}.';
comment on column automation.workflow_steps.earlier_attempts is
    'The failed attempts before the present one: [{"attempt", "error", "ended_at"}].';
comment on column automation.workflow_steps.ended_in is
    'Of what failed for good or was cancelled with what is around it: the transaction.';
comment on column automation.workflow_steps.message_id is
    'The action''s message in the queue.';
comment on column automation.workflow_steps.cache_key is
    'Of an action whose result is kept: the hash of the key under which.';
