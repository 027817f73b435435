-- The tables of the first release.

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

create type automation_private.backtest_plan as (
    org_id uuid,
    rule_id uuid,
    timezone text,
    since timestamptz,
    until timestamptz,
    first_event bigint,
    last_event bigint,
    heard text[],
    by_hand text,
    watched text[],
    entities text[],
    is_transition boolean,
    on_loop text,
    condition jsonpath,
    derived jsonb,
    form text,
    near jsonpath,
    leaves jsonpath[],
    wanted boolean[],
    sample jsonpath,
    denominator jsonpath,
    threshold jsonb,
    gate jsonb,
    uses_keys boolean,
    key_path text[],
    key_form text
);

comment on type automation_private.backtest_plan is
    'What a backtest asks of each recorded event: which events, the compiled condition, each of '
    'its comparisons with the result that helps it to be met, the threshold and the gate.';
comment on column automation_private.backtest_plan.watched is
    'Events that say how a row was later, whether or not the rule hears them; null when what waits '
    'is not asked again.';
comment on column automation_private.backtest_plan.form is
    'What the condition reads: "new" (the new row, which then is the whole document), "rows", the '
    '"event", or the event and which of its fields have changed ("changes").';
comment on column automation_private.backtest_plan.near is
    'Met when at most one comparison fails; null when there are too many to say it this way.';
comment on column automation_private.backtest_plan.key_path is
    'Where in the new row the gate''s key is, when it is a bare field.';
comment on column automation_private.backtest_plan.key_form is
    'How much of an event the keys read, when they have to be rendered.';

create type automation_private.choice as (
    orders int[],
    names text[],
    failed boolean,
    error jsonb
);

comment on type automation_private.choice is
    'Which branches were taken, in order; failed when a guard could not be decided, with an error '
    'when there is more to say.';

create type automation_private.compiled_condition as (
    tree jsonb,
    path jsonpath,
    derived jsonb,
    reads text[],
    errors jsonb
);

comment on type automation_private.compiled_condition is
'A condition made ready: its canonical tree, its jsonpath predicate, the variables that predicate
needs (null: none), the parts of the document it reads, and, when it is invalid, all its errors.';

create type automation_private.compiled_rule as (
    rule jsonb,
    condition automation_private.compiled_condition,
    definition jsonb,
    errors jsonb,
    expanded jsonb
);

comment on type automation_private.compiled_rule is
    'A rule made ready: its canonical form, the condition on which it fires, its actions as a '
    'definition, all that is wrong with it, and its canonical form with condition sets in the '
    'place of references.';

create type automation_private.compiled_template as (
    value jsonb,
    bindings jsonb,
    reads text[],
    errors jsonb
);

comment on type automation_private.compiled_template is
    'A value with its templates compiled: the value as it is stored, where its expressions stand '
    'and what they are (null when there are none), what they read, and all errors (null when '
    'there are none).';

create type automation_private.compiled_threshold as (
    field text,
    path jsonpath,
    denominator jsonpath,
    config jsonb,
    errors jsonb
);

comment on type automation_private.compiled_threshold is
    'A threshold made ready: the field it watches, where its value and its denominator are in an '
    'event''s document, what threshold_step is told, and, when it is invalid, all its errors.';

create type automation_private.compiled_trigger as (
    type text,
    config jsonb,
    errors jsonb
);

comment on type automation_private.compiled_trigger is
    'A trigger in canonical form: its type, the rest of its keys, and all that is wrong with it.';

create type automation_private.credit as (
    org_id uuid,
    amount int
);

comment on type automation_private.credit is
    'Places in the queue that an organisation has freed in this call.';

create type automation_private.diagram_edge as (
    source int,
    target text,
    role text,
    way text,
    label text
);

comment on type automation_private.diagram_edge is
    'A line of a diagram: from a step, by its order, to a node, by its id.';
comment on column automation_private.diagram_edge.way is
    'What an activation of the step that left this way has as its branch; null: it has none.';

create type automation_private.ending as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    status text,
    reason text,
    error jsonb,
    all_tokens_ended boolean
);

comment on type automation_private.ending is
    'That an instance ends, how and why; unless all its tokens have ended, open steps are '
    'cancelled.';

create type automation_private.event_request as (
    item int,
    event_id bigint,
    event text,
    entity text,
    new jsonb,
    old jsonb,
    causation jsonb,
    dedupe_key text,
    occurred_at timestamptz,
    error jsonb
);

comment on type automation_private.event_request is
    'An event that somebody wants recorded; with an error when it is refused.';

create type automation_private.firing as (
    org_id uuid,
    batch_id bigint,
    event_id bigint,
    listener_id uuid,
    kind text,
    version int,
    definition_id uuid,
    priority int,
    suppressed text,
    fails boolean,
    causation jsonb,
    stage text,
    events bigint[],
    gathered int,
    waiting_since timestamptz,
    details jsonb
);

comment on type automation_private.firing is
    'A rule or template whose condition an event met, or could not decide; with the reason when '
    'it does not fire.';
comment on column automation_private.firing.stage is
    'Of a firing that has waited: for what.';
comment on column automation_private.firing.events is
    'Of a firing that stands for several events: all of them.';
comment on column automation_private.firing.gathered is
    'How many events it stands for, also of those that are not kept.';
comment on column automation_private.firing.details is
    'More about why it does not fire, the limit, until when; of a threshold what was crossed.';

create type automation_private.gate_plan as (
    verdicts text[],
    most int[],
    sources int[],
    lengths interval[],
    kinds text[],
    zones text[],
    limits jsonb,
    queue_most int
);

comment on type automation_private.gate_plan is
    'The checks of a gate in their order. In each a firing takes one of so many (most) places '
    'for a time; when they are taken, the verdict says what becomes of the next one.';
comment on column automation_private.gate_plan.sources is
    'Which of a firing''s keys has places of its own; 0: all share them; -1: the first one, and '
    'what has none needs no place.';
comment on column automation_private.gate_plan.kinds is
    'What ends the time: "span" (a length of time), "duration" (one of calendar days), or the end '
    'of a minute, hour, day, week or month.';

create type automation_private.leaving as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    scope_id uuid,
    tokens int,
    arrived int,
    merge_order int,
    is_undo boolean
);

comment on type automation_private.leaving is
    'How many tokens leave a scope (negative: are added to it), and how many arrived at which '
    'merge.';

create type automation_private.lineage as (
    root_id uuid,
    parent_instance_id uuid,
    parent_step_id uuid,
    depth int,
    trigger_type text,
    triggered_by uuid,
    triggered_login name
);

comment on type automation_private.lineage is
    'Where a sub-workflow comes from. Without a root it is a family of its own: nobody waits for '
    'it.';

create type automation_private.loop_turn as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    iteration_id uuid,
    attempt int,
    started int,
    verdict text,
    starts int,
    error jsonb,
    output jsonb,
    body_order int,
    step_order int,
    step_key text,
    alias text,
    has_open_turns boolean
);

comment on type automation_private.loop_turn is
    'What follows in a loop: so many turns start, it waits for those that run, it completes, '
    'goes on without waiting for the rest, fails, or its last turn after that has ended.';

create type automation_private.moment as (
    at timestamptz,
    error jsonb
);

comment on type automation_private.moment is
    'A point in time, or why there is none.';

create type automation_private.moved_scope as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    step_order int,
    step_type text,
    scope_id uuid,
    iteration_id uuid,
    live int,
    arrived_before int,
    arrived int,
    merge_order int
);

comment on type automation_private.moved_scope is
    'A scope that tokens have just left or arrived in: how many are left, how many have arrived at '
    'the merge before and now.';

create type automation_private.outcome as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    status text,
    output jsonb,
    error jsonb,
    execution_time_ms int,
    branch text
);

comment on type automation_private.outcome is
    'How an activation that stood open went: completed or skipped with an output, failed with an '
    'error, or cancelled.';
comment on column automation_private.outcome.branch is
    'Of a step with several ways on: the name of the case that was taken.';

create type automation_private.past as (
    days date[],
    missed_events bigint[],
    missed_leaves int[],
    events bigint[],
    at timestamptz[],
    verdicts text[],
    keyless boolean[],
    groups int[],
    group_counts int[],
    samples jsonb[],
    rows int[],
    gone tstzmultirange[]
);

comment on type automation_private.past is
    'What a rule makes of the recorded events of a time, before the gate: on which days they were, '
    'near misses, and, one after the other, those that matter.';
comment on column automation_private.past.groups is
    'For each event the numbers of its keys, which count from 1 for each kind of key.';
comment on column automation_private.past.rows is
    'For each event the number of its row; 0: it always meets the condition.';
comment on column automation_private.past.gone is
    'For each row when it does not meet the condition.';

create type automation_private.past_decisions as (
    items int[],
    firsts int[],
    at timestamptz[],
    verdicts text[],
    hits int[],
    details jsonb[],
    matched_at timestamptz[],
    merged int,
    traces text[]
);

comment on type automation_private.past_decisions is
    'What would have become of the firings of a backtest: "fires" or a reason, and when.';
comment on column automation_private.past_decisions.hits is
    'Which check of the gate had no room; 0: none.';
comment on column automation_private.past_decisions.details is
    'What each of the first ones, those of a threshold, crossed.';
comment on column automation_private.past_decisions.matched_at is
    'When the rule''s conditions turned true, or its threshold was crossed while they held.';
comment on column automation_private.past_decisions.merged is
    'How many of these became part of another one by debounce or batch.';
comment on column automation_private.past_decisions.traces is
    'What the threshold made of each value.';

create type automation_private.past_event as (
    event_id bigint,
    at timestamptz,
    row_key text,
    is_heard boolean,
    holds boolean,
    verdict text,
    missed int,
    keys text[],
    sample jsonb
);

comment on type automation_private.past_event is
    'What a rule makes of a recorded event before the gate.';
comment on column automation_private.past_event.row_key is
    'The row of a watched table that it is about; null when nothing asks for it again.';
comment on column automation_private.past_event.verdict is
    'Why it does not come to the gate; null when it does.';
comment on column automation_private.past_event.missed is
    'The only comparison that failed.';
comment on column automation_private.past_event.keys is
    'The gate''s key, then what each limit with a key counts by, then what a threshold watches.';

create type automation_private.past_firings as (
    items int[],
    firsts int[],
    at timestamptz[],
    since timestamptz[],
    places int[],
    rows int[],
    kept int[],
    details jsonb[]
);

comment on type automation_private.past_firings is
    'Firings of a backtest in the order of time: the last event of each and the first that it '
    'stands for, when it comes to the gate, since when it has waited.';
comment on column automation_private.past_firings.places is
    'For each firing and check of the gate the first of the places that it competes for; 0: there '
    'are enough for all.';
comment on column automation_private.past_firings.rows is
    'The row that each firing is about; 0: it always meets the condition.';
comment on column automation_private.past_firings.kept is
    'The last event of what debounce or batch has not let go yet.';
comment on column automation_private.past_firings.details is
    'What each firing of a threshold crossed.';

create type automation_private.place_move as (
    kind text,
    id uuid,
    step text,
    fate text,
    to_step text,
    from_order int,
    to_order int,
    reason text
);

comment on type automation_private.place_move is
    'What a migration does with a place where an instance stands, an activation or a token: kept, '
    'moved (to the successor of its step), ended or blocked.';

create type automation_private.reference as (
    path text,
    reads text,
    error text
);

comment on type automation_private.reference is
'A resolved name: its jsonpath (text that begins with $), which part of the document it reads, or
the sentence that says why it cannot be read.';

create type automation_private.rendered as (
    value jsonb,
    error jsonb
);

comment on type automation_private.rendered is
    'What a template came to: its value, or the error {code, message, pointer} why it has none.';

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

create type automation_private.round as (
    present text[],
    is_timed boolean,
    keeps boolean,
    has_mutex boolean,
    is_again boolean,
    has_stopped boolean,
    is_cached boolean
);

comment on type automation_private.round is
    'What the steps entered in a round need: which kinds are present (error: some could not be '
    'entered), whether there are times, outputs to keep, mutexes, activations entered again, '
    'tokens that could not enter because their instance has stopped, and actions whose results are '
    'kept.';

create type automation_private.settled as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_id uuid,
    step_order int,
    step_key text,
    step_type text,
    runs text,
    scope_id uuid,
    iteration_id uuid,
    fate text,
    output jsonb,
    error jsonb,
    execution_time_ms int,
    branch text,
    next_order int,
    retry_at timestamptz,
    saves text,
    save_as text,
    output_is_read boolean,
    timeout_is_set boolean,
    mutex text,
    is_kept boolean,
    position bigint
);

comment on type automation_private.settled is
    'An outcome and what follows from it: completed, skipped, cancelled, retry, continued '
    '(on_error) or fatal.';

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

create type automation_private.step_edge as (
    source int,
    target int,
    opens boolean,
    enters boolean,
    pointer text
);

comment on type automation_private.step_edge is
    'A way from one step to another, by their orders; opens: it leads into the scope of a split, '
    'or enters the body of a loop or scope; where it is written.';

create type automation_private.step_jump as (
    edge int,
    body int,
    leaves boolean
);

comment on type automation_private.step_jump is
    'A way, by its place in a list, that leads out of the body of a loop or scope, or into one.';

create type automation_private.step_link as (
    role text,
    target text,
    pointer text
);

comment on type automation_private.step_link is
    'What a step points at: the step a token goes to (next, else, case, branch, error, '
    'condition_error, timeout), the first step of its body (body), the split a merge names (split) '
    'or a step that it joins (from), a part of the context (reads; of a loop''s conditions '
    'reads_loop, at the end of a turn reads_turn, to undo the step reads_undo; reads_place: it '
    'only needs a loop around it).';

create type automation_private.step_move as (
    from_order int,
    from_step text,
    to_order int,
    to_step text,
    next_order int,
    next_step text,
    fault text,
    next_fault text
);

comment on type automation_private.step_move is
    'What becomes of a step in another definition: the step in its place (null: none; fault: why '
    'nothing that stands there can go on as it is), and where a token goes on that stood at it if '
    'there is none (0: it ends).';

create type automation_private.tally as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    entered int
);

comment on type automation_private.tally is
    'How many steps of an instance were done in a round.';

create type automation_private.threshold_state as (
    phase text,
    since numeric,
    due numeric,
    value numeric,
    at numeric,
    seq numeric,
    samples bigint,
    fired_at numeric,
    reached jsonb,
    held_window jsonb,
    fires int,
    levels jsonb,
    recovers boolean,
    trace text,
    overdue text
);

comment on type automation_private.threshold_state is
    'What is known of one thing that a threshold watches, and what the last step did (from fires '
    'on).';

create type automation_private.token as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    step_order int,
    scope_id uuid,
    iteration_id uuid,
    from_order int,
    step_id uuid
);

comment on type automation_private.token is
    'Where an instance stands: before a step, in a scope. Order 0: it has ended; -n: it has '
    'arrived at merge n.';
comment on column automation_private.token.iteration_id is
    'The innermost turn of a loop that it lives in; null outside of loops.';
comment on column automation_private.token.from_order is
    'The step it comes from.';
comment on column automation_private.token.step_id is
    'The activation that it enters again; null: it makes a new one.';

create type automation_private.turn_verdict as (
    verdict text,
    starts int,
    error jsonb
);

comment on type automation_private.turn_verdict is
    'start (so many turns), wait, complete, go_on, fail or ended.';

create type automation_private.visit as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    scope_id uuid,
    iteration_id uuid,
    from_order int,
    step_id uuid,
    step_order int,
    step_key text,
    step_type text,
    runs text,
    action text,
    value jsonb,
    branch text,
    next_order int,
    branches int[],
    due_at timestamptz,
    timeout interval,
    output_is_read boolean,
    error jsonb,
    definition_id uuid,
    attempt int,
    is_again boolean,
    mutex text
);

comment on type automation_private.visit is
    'A token that has entered a step: what the step says, what was rendered and decided.';
comment on column automation_private.visit.is_again is
    'Whether the activation exists already and is entered again.';

create table automation_private.org_settings (
    org_id uuid primary key,
    timezone text not null default 'UTC',
    max_in_flight int not null default 1000,
    created_at timestamptz not null default clock_timestamp(),
    constraint some_actions_may_be_in_flight check (max_in_flight > 0)
);

comment on table automation_private.org_settings is
    'The organisations the engine works for, with their settings.';
comment on column automation_private.org_settings.max_in_flight is
    'How many external actions of the organisation may be in the queue at once.';

create table automation_private.org_access (
    login name not null,
    org_id uuid not null references automation_private.org_settings,
    role_code text not null,
    granted_at timestamptz not null default clock_timestamp(),
    granted_by name not null default session_user,
    primary key (login, org_id)
);

comment on table automation_private.org_access is
    'Which login role may act for which organisation, and as what when it names no user.';

create table automation_private.brokers (
    login name primary key,
    role_code text not null,
    granted_at timestamptz not null default clock_timestamp(),
    granted_by name not null default session_user
);

comment on table automation_private.brokers is
    'Login roles that may act for every registered organisation: the platform''s backend, '
    'workers, the clock.';

create table automation.org_members (
    org_id uuid not null,
    user_id uuid not null,
    role_code text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, user_id)
);

comment on table automation.org_members is
    'The people of an organisation and their role; app.current_user_id names one of them.';

create table automation.role_permissions (
    org_id uuid not null,
    role_code text not null,
    permissions text[] not null,
    primary key (org_id, role_code),
    constraint permissions_are_known check (
        permissions <@ array['view', 'edit', 'publish', 'run', 'approve', 'admin']
    )
);

comment on table automation.role_permissions is
    'What a role may do in this organisation, where that differs from the defaults.';

create table automation_private.actions (
    action text primary key,
    runs text not null,
    handler text,
    config_schema jsonb not null,
    description text not null,
    idempotent boolean not null default false,
    internal boolean not null default false,
    provider text,
    retry jsonb,
    registered_at timestamptz not null default clock_timestamp(),
    registered_by name not null default session_user,
    constraint action_runs_here_or_outside check (runs in ('native', 'external')),
    constraint native_action_has_a_handler check ((runs = 'native') = (handler is not null)),
    constraint provider_is_outside check (provider is null or runs = 'external'),
    constraint name_is_an_identifier check (action ~ '^[a-z][a-z0-9_]{0,62}$')
);

comment on table automation_private.actions is
    'The actions that definitions may use: SQL functions that run in the transition, or '
    'external ones.';
comment on column automation_private.actions.provider is
    'Which service the action calls; "*": whichever its settings name.';
comment on column automation_private.actions.internal is
    'Whether only the engine uses it, so that nobody needs to know it.';

create table automation.workflow_definitions (
    org_id uuid not null,
    definition_id uuid not null,
    content_hash text not null,
    compiler_version int not null,
    source jsonb not null,
    input_schema jsonb,
    settings jsonb not null,
    output jsonb,
    output_bindings jsonb,
    output_reads text[],
    steps_total int not null,
    features text[] not null default '{}',
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, definition_id),
    unique (org_id, content_hash)
);

comment on table automation.workflow_definitions is
    'Immutable, content-addressed workflow definitions; an instance is pinned to one for life.';
comment on column automation.workflow_definitions.content_hash is
    'sha256 of the source, the compiler version and how the actions it uses are registered.';
comment on column automation.workflow_definitions.features is
    'What of the engine it uses that leaves rows behind: mutex, loop, wait, approval, workflow, '
    'from, compensate.';

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

create table automation.workflow_templates (
    org_id uuid not null,
    template_id uuid not null,
    template_name text not null,
    description text,
    category text,
    tags jsonb not null default '[]',
    trigger_config jsonb,
    workflow_definition jsonb not null,
    total_steps int not null default 0,
    published_version int,
    published_definition_id uuid,
    usage_count bigint not null default 0,
    active_instances bigint not null default 0,
    last_used_at timestamptz,
    status text not null default 'draft',
    status_reason text,
    is_public boolean not null default false,
    internal_notes text,
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    deleted_at timestamptz,
    primary key (org_id, template_id),
    foreign key (org_id, published_definition_id) references automation.workflow_definitions,
    constraint status_is_known check (status in ('draft', 'active', 'archived')),
    constraint category_is_known check (
        category in ('social', 'campaign', 'lead_nurture', 'engagement', 'reporting')
    ),
    constraint active_template_is_published check (
        status <> 'active' or published_definition_id is not null
    ),
    constraint tags_are_a_list check (jsonb_typeof(tags) = 'array')
);

create unique index workflow_template_name_is_free
on automation.workflow_templates (org_id, template_name) where deleted_at is null;

create index workflow_template_by_status on automation.workflow_templates (org_id, status);

comment on table automation.workflow_templates is
    'Reusable workflows: a draft that people edit and the version that new instances run.';
comment on column automation.workflow_templates.workflow_definition is
    'The draft. What runs is the published definition.';
comment on column automation.workflow_templates.usage_count is
    'Instances ever started; rolled up by the clock, some seconds late.';

create table automation.workflow_template_versions (
    org_id uuid not null,
    template_id uuid not null,
    version int not null,
    definition_id uuid not null,
    published_by uuid,
    published_login name not null default session_user,
    published_at timestamptz not null default clock_timestamp(),
    primary key (org_id, template_id, version),
    foreign key (org_id, template_id) references automation.workflow_templates,
    foreign key (org_id, definition_id) references automation.workflow_definitions
);

comment on table automation.workflow_template_versions is
    'Which definition each published version of a template is.';

create table automation.automation_rules (
    org_id uuid not null,
    rule_id uuid not null,
    rule_name text not null,
    description text,
    category text,
    trigger_type text not null,
    trigger_config jsonb not null default '{}',
    conditions jsonb,
    condition_logic text not null default 'all',
    actions jsonb not null default '[]',
    execute_sequentially boolean not null default true,
    delay_between_actions_seconds int not null default 0,
    stop_on_error boolean not null default true,
    recheck_before_action boolean not null default true,
    priority int not null default 50,
    execution_settings jsonb not null default '{}',
    max_executions_per_day int,
    cooldown_minutes numeric,
    status text not null default 'draft',
    status_reason text,
    version int,
    total_executions bigint not null default 0,
    successful_executions bigint not null default 0,
    failed_executions bigint not null default 0,
    last_executed_at timestamptz,
    last_success_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    deleted_at timestamptz,
    primary key (org_id, rule_id),
    constraint status_is_known check (status in ('draft', 'active', 'paused', 'archived')),
    constraint trigger_type_is_known check (
        trigger_type in ('event', 'schedule', 'condition', 'manual', 'api')
    ),
    constraint condition_logic_is_known check (condition_logic in ('all', 'any', 'custom')),
    constraint priority_is_between_1_and_100 check (priority between 1 and 100),
    constraint delay_is_not_negative check (delay_between_actions_seconds >= 0),
    constraint active_rule_has_a_version check (status <> 'active' or version is not null)
);

create unique index automation_rule_name_is_free
on automation.automation_rules (org_id, rule_name) where deleted_at is null;

create index automation_rule_by_status on automation.automation_rules (org_id, status);

comment on table automation.automation_rules is
    'If-this-then-that rules: a trigger, conditions and actions that compile to a workflow '
    'definition.';
comment on column automation.automation_rules.execution_settings is
    'Mode, limits, cooldown, debounce and batch, as the rule''s document has them.';
comment on column automation.automation_rules.cooldown_minutes is
    'The cooldown of execution_settings in minutes, as max_executions_per_day is its limit a day.';
comment on column automation.automation_rules.version is
    'The version that fires, or that did when the rule was last active.';
comment on column automation.automation_rules.total_executions is
    'Runs that have ended; like the other counters rolled up by the clock, some seconds late.';

create table automation.automation_rule_versions (
    org_id uuid not null,
    rule_id uuid not null,
    version int not null,
    rule jsonb not null,
    definition_id uuid not null,
    activated_by uuid,
    activated_login name not null default session_user,
    activated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, rule_id, version),
    foreign key (org_id, rule_id) references automation.automation_rules,
    foreign key (org_id, definition_id) references automation.workflow_definitions
);

comment on table automation.automation_rule_versions is
    'What each version of a rule was: every activation and every edit of an active rule makes one, '
    'and they never change.';

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

create table automation.automation_events (
    org_id uuid not null,
    event_id bigint generated always as identity,
    batch_id bigint not null,
    event text not null,
    entity text,
    new jsonb,
    old jsonb,
    source text not null,
    causation jsonb,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (org_id, event_id)
);

comment on table automation.automation_events is
    'What happened: changes of watched tables that something listens to, and emitted events.';
comment on column automation.automation_events.entity is
    'The primary key of the row it happened to, as text.';
comment on column automation.automation_events.source is
    'The watched table that it was captured from, "emitted" by a client, a "webhook", "manual" (a '
    'rule that somebody ran) or "engine".';
comment on column automation.automation_events.causation is
    'Of an event that an automation caused: the instance, the first event of the chain, how deep '
    'in the chain it is and which rules have fired for what ("visited").';

create table automation.automation_executions (
    org_id uuid not null,
    execution_id uuid not null,
    execution_type text not null,
    rule_id uuid,
    rule_version int,
    template_id uuid,
    instance_id uuid,
    event_id bigint,
    trigger_source text not null,
    trigger_data jsonb,
    context_data jsonb,
    status text not null,
    reason text,
    occurrences int not null default 1,
    started_at timestamptz not null,
    completed_at timestamptz not null,
    execution_time_ms bigint not null,
    steps_executed int not null default 0,
    actions_executed int not null default 0,
    actions_successful int not null default 0,
    actions_failed int not null default 0,
    execution_log jsonb,
    error_message text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, execution_id),
    foreign key (org_id, rule_id) references automation.automation_rules,
    constraint execution_type_is_known check (execution_type in ('rule', 'workflow')),
    constraint status_is_known check (status in ('success', 'failed', 'partial', 'skipped'))
);

create index automation_execution_by_time
on automation.automation_executions (completed_at, org_id);

comment on table automation.automation_executions is
    'History: one row per rule firing or workflow run, written once, when its outcome is known.';
comment on column automation.automation_executions.execution_id is
    'Of a run: the instance''s id, so that no end of it can be in the history twice; of its later '
    'ends, after retries, ids of their own.';
comment on column automation.automation_executions.reason is
    'Why it ended or was skipped: failed step''s error code, cancelled, stop reason, or what '
    'suppressed the firing.';
comment on column automation.automation_executions.occurrences is
    'Of a suppressed firing: how many of the kind the row stands for, of which it shows the last.';

create table automation.automation_audit (
    org_id uuid not null,
    audit_id uuid not null,
    happened_at timestamptz not null default clock_timestamp(),
    login name not null default session_user,
    user_id uuid,
    operation text not null,
    subject_type text not null,
    subject_id uuid,
    details jsonb,
    primary key (org_id, audit_id)
);

comment on table automation.automation_audit is
    'Who changed or decided what: login role, claimed user, operation, subject. Append-only.';

create table automation_private.idempotency_keys (
    org_id uuid not null,
    idempotency_key text not null,
    template_id uuid not null,
    instance_id uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, idempotency_key)
);

comment on table automation_private.idempotency_keys is
    'Keys that callers gave when they started an instance: the same key never starts a second one.';

create table automation_private.timers (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    kind text not null,
    root_id uuid not null,
    due_at timestamptz not null,
    step_order int,
    scope_id uuid,
    iteration_id uuid,
    from_order int,
    enters_id uuid,
    attempt int not null default 0,
    overdue_since timestamptz,
    is_held boolean not null default false,
    primary key (org_id, instance_id, step_id, kind, attempt),
    constraint overdue_timer_has_no_time check (overdue_since is null or due_at = 'infinity'),
    constraint held_timer_is_overdue check (not is_held or overdue_since is not null),
    constraint kind_is_known check (
        kind in (
            'delay', 'retry', 'timeout', 'deadline', 'continue', 'look_back', 'event', 'poll',
            'remind', 'escalate', 'restarted', 'goal', 'exit_criteria', 'removed', 'org_paused'
        )
    )
) with (fillfactor = 90);

create index timer_by_due_time on automation_private.timers (due_at);

create index timer_overdue on automation_private.timers (org_id, overdue_since)
where overdue_since is not null and not is_held;

comment on table automation_private.timers is
    'Everything that waits for a time: delays, retries, timeouts, deadlines of instances, walks '
    'cut short, reminders; and what woke a wait.';
comment on column automation_private.timers.attempt is
    'Of a timeout: the attempt that it limits; of a reminder or escalation: which one.';
comment on column automation_private.timers.overdue_since is
    'Of a timer that became due while its organisation or instance was paused: when that was. '
    'Until it is let go, it is due at infinity.';
comment on column automation_private.timers.is_held is
    'Whether it is its instance, not its organisation, that has to be resumed.';
comment on column automation_private.timers.step_order is
    'Of a walk cut short: the step before which the token stands, with what else a token is.';

create table automation_private.pending_actions (
    org_id uuid not null,
    step_id uuid not null,
    instance_id uuid not null,
    root_id uuid not null,
    action text not null,
    primary key (org_id, step_id)
);

create index pending_action_by_name
on automation_private.pending_actions (org_id, action, step_id);

comment on table automation_private.pending_actions is
    'External actions above their organisation''s in-flight cap or a limit, or of a paused '
    'organisation; first in first out by step id.';

create table automation_private.in_flight_changes (
    org_id uuid not null,
    change int not null
);

create index in_flight_change_by_org on automation_private.in_flight_changes (org_id);

comment on table automation_private.in_flight_changes is
    'How many external actions of an organisation are in the queue, as a sum; appended to, so that '
    'nobody waits for a counter, and folded by the clock.';

create table automation_private.usage_changes (
    org_id uuid not null,
    template_id uuid,
    rule_id uuid,
    started int not null,
    ended int not null,
    succeeded int not null default 0,
    failed int not null default 0,
    used_at timestamptz not null,
    constraint usage_is_of_one_thing check ((template_id is null) <> (rule_id is null))
);

comment on table automation_private.usage_changes is
    'Starts and ends of instances per call and template or rule, folded into workflow_templates '
    'and automation_rules by the clock.';

create table automation_private.watched_tables (
    table_name regclass primary key,
    event text not null unique,
    columns name[] not null,
    key_columns name[] not null,
    org_column name not null,
    deleted_column name,
    column_types regtype[] not null,
    watched_by name not null default session_user,
    watched_at timestamptz not null default clock_timestamp(),
    constraint event_is_a_name check (event ~ '^[a-z][a-z0-9_]{0,62}$')
);

comment on table automation_private.watched_tables is
    'Tables whose changes are captured as events, and which columns.';

create table automation_private.listeners (
    org_id uuid not null,
    event text not null,
    listener_id uuid not null,
    kind text not null,
    version int not null,
    definition_id uuid not null,
    fire_on text not null,
    condition jsonpath,
    derived jsonb,
    reads text[] not null default '{}',
    priority int not null,
    on_loop text not null,
    on_condition_error text not null,
    entities text[],
    gate jsonb not null default '{}',
    sample jsonpath,
    denominator jsonpath,
    threshold jsonb,
    since timestamptz not null,
    compiler_version int not null,
    primary key (org_id, event, listener_id, kind),
    foreign key (org_id, definition_id) references automation.workflow_definitions,
    constraint kind_is_known check (kind in ('rule', 'template', 'goal', 'exit')),
    constraint fire_on_is_known check (fire_on in ('transition', 'every')),
    constraint on_loop_is_known check (on_loop in ('ignore', 'avoid_loop', 'allow')),
    constraint on_condition_error_is_known check (on_condition_error in ('skip', 'fail'))
);

create index listener_by_event on automation_private.listeners (event, org_id);

comment on table automation_private.listeners is
    'What active rules and templates listen to, with the compiled condition: what capture asks '
    'whether to record, and what events are joined to.';
comment on column automation_private.listeners.kind is
    'What it starts, or, of a goal or exit, the template whose instances it ends.';
comment on column automation_private.listeners.entities is
    'The only things it listens to; null: all.';
comment on column automation_private.listeners.gate is
    'What a firing has to pass: key, cooldown, limits, mode, debounce, batch, reenrolment.';
comment on column automation_private.listeners.sample is
    'Of a condition trigger: where the value is that it watches, for what is in "threshold".';
comment on column automation_private.listeners.since is
    'What happened before does not count.';

create table automation_private.event_feeds (
    org_id uuid primary key
);

comment on table automation_private.event_feeds is
    'Organisations whose events are dispatched. The row is the lock: one engine at a time, and '
    'nobody changes what listens meanwhile.';

create table automation_private.event_batches (
    org_id uuid not null,
    batch_id bigint generated by default as identity,
    first_event bigint not null,
    last_event bigint not null,
    events int not null,
    primary key (org_id, batch_id),
    constraint batch_holds_events check (events > 0)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

comment on table automation_private.event_batches is
    'Events that rules have not seen yet: one row per statement and organisation, removed in the '
    'transaction that evaluates the rules.';
comment on column automation_private.event_batches.first_event is
    'The ids of one batch lie between first and last; other batches'' ids may lie between them, '
    'too.';

create table automation_private.event_keys (
    org_id uuid not null,
    event text not null,
    dedupe_key text not null,
    event_id bigint not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, event, dedupe_key)
);

comment on table automation_private.event_keys is
    'Keys that callers gave to events: the same key of the same event never counts twice.';

create table automation_private.capture_failures (
    failure_id bigint generated always as identity primary key,
    table_name text not null,
    operation text not null,
    sqlstate text not null,
    message text not null,
    failed_at timestamptz not null default clock_timestamp()
);

comment on table automation_private.capture_failures is
    'Statements whose changes could not be captured: the statement went through, its events are '
    'missing, and this says why.';

create table automation_private.signing_keys (
    purpose text primary key,
    key text not null
);

comment on table automation_private.signing_keys is
    'Keys made here and known to nobody else.';

insert into automation_private.signing_keys (purpose, key)
values ('cause', gen_random_uuid()::text || gen_random_uuid()::text);

create table automation_private.action_blocks (
    org_id uuid not null,
    limit_key text not null,
    blocked_until timestamptz not null,
    is_swept boolean not null default false
);

create index action_block_by_key on automation_private.action_blocks (org_id, limit_key);

comment on table automation_private.action_blocks is
    'Actions and providers that asked to be left alone (HTTP 429); appended to, so that no report '
    'waits for another.';
comment on column automation_private.action_blocks.is_swept is
    'Whether the clock has taken back what was waiting in the queue.';

create table automation.action_limits (
    org_id uuid not null,
    limit_key text not null,
    max_in_flight int,
    max_starts int,
    per interval,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, limit_key),
    constraint limit_is_not_negative check (max_in_flight >= 0 and max_starts >= 0),
    constraint limit_limits_something check (coalesce(max_in_flight, max_starts) is not null),
    constraint starts_are_counted_per_period check (
        (max_starts is null) = (per is null)
        and coalesce(per between interval '1 second' and interval '31 days', true)
    )
);

comment on table automation.action_limits is
    'What an organisation may ask of the outside world, per action or provider. Null is unlimited, '
    'zero is never.';
comment on column automation.action_limits.limit_key is
    'The name of an action, or provider:<name> for all actions of a provider.';
comment on column automation.action_limits.max_starts is
    'How many may be started within any time of the length "per".';

create table automation.approvals (
    org_id uuid not null,
    step_id uuid not null,
    instance_id uuid not null,
    root_id uuid not null,
    step_key text not null,
    status text not null default 'open',
    message text not null,
    content jsonb,
    content_hash text not null,
    revision int not null default 1,
    approvers jsonb not null,
    escalations jsonb not null default '[]',
    level int not null default 0,
    required int not null,
    allow_self boolean not null,
    takes_changes boolean not null,
    on_timeout text not null,
    requested_by uuid,
    requested_at timestamptz not null,
    due_at timestamptz,
    awaited uuid[] not null default '{}',
    approvals int not null default 0,
    decided_at timestamptz,
    decided_by uuid,
    comment text,
    primary key (org_id, step_id),
    foreign key (org_id, instance_id, step_id) references automation.workflow_steps,
    constraint status_is_known check (
        status in (
            'open', 'approved', 'rejected', 'changes_requested', 'timed_out', 'cancelled'
        )
    ),
    constraint closed_approval_says_when check ((decided_at is null) = (status = 'open')),
    constraint on_timeout_is_known check (
        on_timeout in ('reject', 'approve', 'escalate', 'next')
    )
);

create index approval_open on automation.approvals (requested_at, org_id)
where status = 'open';

comment on table automation.approvals is
    'What people are asked to approve: one row per activation of an approval step.';
comment on column automation.approvals.content is
    'What is approved, as it was when it was asked for or last revised.';
comment on column automation.approvals.content_hash is
    'SHA-256 of message and content: names what a vote was about.';
comment on column automation.approvals.revision is
    'Counts the versions of the content; votes for earlier ones are void.';
comment on column automation.approvals.approvers is
    'Who may decide: [{"user"} | {"role"}], with those that escalations have added.';
comment on column automation.approvals.escalations is
    'Who is added at each level: [[{"user"} | {"role"}]].';
comment on column automation.approvals.level is
    'How many escalations have taken place.';
comment on column automation.approvals.takes_changes is
    'Whether the step says what follows when changes are requested.';
comment on column automation.approvals.awaited is
    'Who may still approve and has not, as of the last vote or change of members.';
comment on column automation.approvals.approvals is
    'How many have approved the present content, as of the last vote or change of members.';
comment on column automation.approvals.decided_by is
    'Whose vote decided; null when the time did, or nobody.';

create table automation.automation_notifications (
    org_id uuid not null,
    notification_id uuid not null,
    user_id uuid,
    kind text not null,
    rule_id uuid,
    message text not null,
    details jsonb not null default '{}',
    dedupe_key text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, notification_id),
    foreign key (org_id, rule_id) references automation.automation_rules,
    constraint notification_is_given_once unique (org_id, dedupe_key)
);

comment on table automation.automation_notifications is
    'What the engine tells people: the owner of a rule that a limit was reached or the rule was '
    'paused, an approver that a vote is awaited. Each is an event, too (rule.limit_reached, '
    'rule.paused, approval.requested, approval.reminder, approval.escalated).';
comment on column automation.automation_notifications.user_id is
    'Who is told: the owner (who created the rule), or an approver.';
comment on column automation.automation_notifications.kind is
    'limit_reached, paused; approval.requested, approval.reminder, approval.escalated.';

create table automation_private.awaited_events (
    org_id uuid not null,
    definition_id uuid not null,
    event text not null,
    primary key (org_id, definition_id, event),
    foreign key (org_id, definition_id)
        references automation.workflow_definitions on delete cascade
);

create index awaited_event_by_name on automation_private.awaited_events (event, org_id);

comment on table automation_private.awaited_events is
    'Events that waits of stored definitions hear: recorded from before the first instance starts, '
    'whether or not one waits at the moment.';

create table automation.condition_sets (
    org_id uuid not null,
    name text not null,
    condition jsonb not null,
    description text,
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,62}$')
);

comment on table automation.condition_sets is
    'Conditions with a name, which rules, templates and each other refer to as {"ref": "name"}. '
    'What is active or published has a copy of its own.';

create table automation_private.condition_waits (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    primary key (org_id, instance_id, step_id)
);

comment on table automation_private.condition_waits is
    'Activations that wait for a condition to hold.';

create table automation_private.consumed_events (
    org_id uuid not null,
    event_id bigint not null,
    instance_id uuid not null,
    step_id uuid not null,
    primary key (org_id, event_id),
    foreign key (org_id, event_id) references automation.automation_events on delete cascade
);

comment on table automation_private.consumed_events is
    'Events that a wait has taken for itself: no other wait that consumes takes them, too.';

create table automation_private.ended_runs (
    org_id uuid not null,
    instance_id uuid not null,
    listener_id uuid not null,
    key text not null,
    failed boolean not null,
    slots jsonb,
    primary key (org_id, instance_id)
);

comment on table automation_private.ended_runs is
    'Runs that have ended and that a firing waits for, or that may give a limit its slot back; '
    'appended to by whoever ends them, consumed by the clock.';

create table automation_private.event_matches (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    place int not null,
    event_id bigint not null,
    is_looked_back boolean not null,
    is_met boolean,
    primary key (org_id, instance_id, step_id, place, event_id, is_looked_back)
) with (fillfactor = 80);

comment on table automation_private.event_matches is
    'Events that fit what an activation waits for and have not decided it yet.';
comment on column automation_private.event_matches.is_looked_back is
    'Who found it: the look back or the dispatch. Apart, so that the two never wait for each '
    'other.';
comment on column automation_private.event_matches.is_met is
    'Whether the filter holds, too; null: not looked at yet.';

create table automation_private.event_waits (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    place int not null,
    event text not null,
    root_id uuid not null,
    mark bigint not null,
    shape text not null,
    key text,
    needed int not null,
    consumes boolean not null,
    look_from bigint,
    look_until bigint,
    undecided int not null default 0,
    primary key (org_id, instance_id, step_id, place, event)
) with (fillfactor = 70);

create index event_wait_by_key on automation_private.event_waits (event, org_id, shape, key);

-- those that every event of the name wakes
create index event_wait_without_key on automation_private.event_waits (org_id, event)
where shape = '[]';

comment on table automation_private.event_waits is
    'What activations wait for: one row per branch and event name, looked up by what an event '
    'says.';
comment on column automation_private.event_waits.place is
    'Which of the step''s branches, from 1.';
comment on column automation_private.event_waits.mark is
    'The last event recorded before: only later ones count. Ids, because clocks do not agree.';
comment on column automation_private.event_waits.shape is
    'The places in an event that have to be equal to something, as a list of paths.';
comment on column automation_private.event_waits.key is
    'What has to be there, hashed; null: nothing is ever equal to a value that is missing.';
comment on column automation_private.event_waits.needed is
    'How many events it takes.';
comment on column automation_private.event_waits.consumes is
    'Whether an event that counts here counts for no other wait.';
comment on column automation_private.event_waits.look_from is
    'Where the look back over what was dispatched before this row was there goes on, up to '
    'look_until; null: it is done.';
comment on column automation_private.event_waits.undecided is
    'For how many events the filter could not be decided.';

create table automation_private.firing_subjects (
    org_id uuid not null,
    listener_id uuid not null,
    key text not null,
    running uuid[] not null default '{}',
    last_id uuid,
    fired_at timestamptz,
    fired bigint not null default 0,
    is_removed boolean not null default false,
    threshold jsonb,
    keep_until timestamptz,
    primary key (org_id, listener_id, key)
) with (fillfactor = 80);

create index firing_subject_by_end
on automation_private.firing_subjects (keep_until) where keep_until is not null;

comment on table automation_private.firing_subjects is
    'What is known of each thing that a rule or template has fired for, or watches. Written by '
    'whoever holds the organisation''s feed.';
comment on column automation_private.firing_subjects.running is
    'The instances that were started last; some may have ended since.';
comment on column automation_private.firing_subjects.is_removed is
    'Taken out by hand: events do not let it in again.';
comment on column automation_private.firing_subjects.threshold is
    'The state of a condition trigger, as threshold_step left it.';
comment on column automation_private.firing_subjects.keep_until is
    'When nothing of it matters any more, unless a run goes on; null: never.';

create table automation_private.held_tokens (
    org_id uuid not null,
    instance_id uuid not null,
    held_id uuid not null,
    root_id uuid not null,
    reason text not null,
    mutex text,
    step_order int not null,
    scope_id uuid not null,
    iteration_id uuid,
    from_order int,
    enters_id uuid,
    primary key (org_id, instance_id, held_id),
    constraint reason_is_known check (reason in ('mutex', 'paused', 'failed')),
    constraint mutex_is_named check ((mutex is not null) = (reason = 'mutex'))
);

create index held_token_by_scope on automation_private.held_tokens (scope_id);

comment on table automation_private.held_tokens is
    'Tokens that may not enter their step yet: another activation holds the step''s mutex, the '
    'instance is paused, or it has failed and may be retried from where it stood.';

create table automation_private.limit_counters (
    org_id uuid not null,
    limit_key text not null,
    window_start timestamptz not null,
    window_end timestamptz not null,
    used int not null default 0,
    hits timestamptz[],
    primary key (org_id, limit_key, window_start),
    constraint use_is_not_negative check (used >= 0)
) with (fillfactor = 80);

create index limit_counter_by_end on automation_private.limit_counters (window_end);

comment on table automation_private.limit_counters is
    'How often a limit''s window has been used. Rows of windows that are over are removed by the '
    'clock.';
comment on column automation_private.limit_counters.limit_key is
    'What the limit counts: a rule, a rule and a subject, or the organisation, and its window.';
comment on column automation_private.limit_counters.hits is
    'Of a rolling window: when it was used.';

create table automation_private.limit_starts (
    org_id uuid not null,
    limit_key text not null,
    until timestamptz not null,
    starts int not null,
    primary key (org_id, limit_key, until)
);

comment on table automation_private.limit_starts is
    'How many limited actions were started before an instant, in hundredths of the limit''s '
    'period.';

create table automation_private.limited_messages (
    org_id uuid not null,
    message_id bigint not null,
    limit_key text not null,
    instance_id uuid not null,
    step_id uuid not null,
    attempt int not null,
    reads int not null default 0,
    primary key (org_id, message_id, limit_key)
);

comment on table automation_private.limited_messages is
    'Messages that count against a limit, written and read by whoever fills the queue of the '
    'organisation; one that has left the queue counts no more.';
comment on column automation_private.limited_messages.reads is
    'How often a worker has taken the message, as far as that has been counted as a start.';

create table automation_private.loop_items (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    iteration int not null,
    item jsonb not null,
    primary key (org_id, instance_id, step_id, iteration)
);

comment on table automation_private.loop_items is
    'The items of loops over lists, so that no turn reads the whole list.';

create table automation_private.loop_states (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    attempt int not null,
    items int,
    started int not null default 0,
    completed int not null default 0,
    failed int not null default 0,
    has_gone_on boolean not null default false,
    failure jsonb,
    primary key (org_id, instance_id, step_id)
) with (fillfactor = 50);

comment on table automation_private.loop_states is
    'How far loops are: turns started and ended, of how many items (null: as long as a condition '
    'says).';
comment on column automation_private.loop_states.has_gone_on is
    'Whether its token has gone on already, while the turns left over run out unseen.';
comment on column automation_private.loop_states.failure is
    'The error of the turn that failed last.';

create table automation_private.mutexes (
    org_id uuid not null,
    instance_id uuid not null,
    mutex text not null,
    step_id uuid not null,
    primary key (org_id, instance_id, mutex)
);

comment on table automation_private.mutexes is
    'Which activation of an instance holds which mutex.';

create table automation.org_pauses (
    org_id uuid not null,
    paused_at timestamptz not null,
    reason text,
    paused_by uuid,
    paused_login name not null default session_user,
    resumed_at timestamptz,
    grace interval,
    overdue int not null default 0,
    released int not null default 0,
    primary key (org_id, paused_at),
    constraint a_pause_ends_after_it_began check (resumed_at >= paused_at)
);

create unique index org_pause_that_lasts on automation.org_pauses (org_id)
where resumed_at is null;

comment on table automation.org_pauses is
    'When organisations stood still, and why; those without "resumed_at" do so now.';
comment on column automation.org_pauses.grace is
    'What was due longer than this before the organisation was resumed is given up; null: nothing.';
comment on column automation.org_pauses.overdue is
    'How many timers were waiting for the end of the pause; of these, "released" have been let go.';

create table automation_private.queued_arrivals (
    org_id uuid not null,
    instance_id uuid not null,
    scope_id uuid not null,
    merge_order int not null,
    from_order int not null,
    arrived int not null,
    primary key (org_id, instance_id, scope_id, merge_order, from_order)
);

comment on table automation_private.queued_arrivals is
    'Arrivals at merges without a split ("from") that wait for one from each of the other steps.';

create table automation_private.result_cache (
    org_id uuid not null,
    action text not null,
    key_hash bytea not null,
    step_id uuid not null,
    output jsonb,
    expires_at timestamptz not null,
    primary key (org_id, action, key_hash, step_id)
);

create index result_cache_by_expiry on automation_private.result_cache (expires_at);

comment on table automation_private.result_cache is
    'Outputs of actions that were asked to keep them, by the key that the step gave. One row per '
    'activation that found none, so that nobody waits for anybody else who keeps the same.';

create table automation_private.rollbacks (
    org_id uuid not null,
    instance_id uuid not null,
    boundary_id uuid not null,
    reason text,
    error jsonb not null,
    primary key (org_id, instance_id, boundary_id)
);

comment on table automation_private.rollbacks is
    'Instances (boundary_id = instance_id) and scope steps that have failed and whose completed '
    'steps are undone before the failure takes effect.';

create table automation_private.rule_health (
    org_id uuid not null,
    rule_id uuid not null,
    state text not null default 'closed',
    failures_in_row int not null default 0,
    wait interval,
    retry_at timestamptz,
    trial_id uuid,
    primary key (org_id, rule_id),
    constraint state_is_known check (state in ('closed', 'open', 'half_open'))
) with (fillfactor = 80);

comment on table automation_private.rule_health is
    'The circuit breaker of each rule that has failed: closed lets runs through, open none until '
    'retry_at, half_open waits for the outcome of one trial.';

create table automation_private.rule_minutes (
    org_id uuid not null,
    rule_id uuid not null,
    minute timestamptz not null,
    ended int not null,
    failed int not null,
    primary key (org_id, rule_id, minute)
) with (fillfactor = 80);

comment on table automation_private.rule_minutes is
    'Runs of each rule that ended in each minute of the last hour, for its circuit breaker.';

create table automation_private.undo_steps (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    boundary_id uuid not null,
    place int not null,
    step_order int not null,
    iteration_id uuid,
    from_order int not null,
    has_begun boolean not null default false,
    primary key (org_id, instance_id, step_id),
    unique (org_id, instance_id, boundary_id, place)
);

comment on table automation_private.undo_steps is
    'Completed activations that a rollback undoes, in this order (place), each by the hidden '
    'compensation step step_order.';

create table automation_private.waiting_firings (
    org_id uuid not null,
    firing_id bigint generated by default as identity,
    listener_id uuid not null,
    kind text not null,
    stage text not null,
    key text not null,
    events bigint[] not null,
    gathered int not null,
    priority int not null,
    causation jsonb,
    since timestamptz not null,
    due_at timestamptz not null,
    primary key (org_id, firing_id),
    constraint kind_is_known check (kind in ('rule', 'template')),
    constraint stage_is_known check (
        stage in ('threshold', 'debounce', 'batch', 'queued', 'deferred')
    )
);

create index waiting_firing_by_key
on automation_private.waiting_firings (listener_id, key, stage, firing_id);

create index waiting_firing_by_due_time
on automation_private.waiting_firings (due_at);

comment on table automation_private.waiting_firings is
    'Firings that are not over: until a debounce or batch closes, a run before them ends, a limit '
    'has room again or a threshold has been passed for long enough.';
comment on column automation_private.waiting_firings.events is
    'What fired, the last one last; of a batch all of it.';
comment on column automation_private.waiting_firings.gathered is
    'How many events there were, also of those that are not kept.';
comment on column automation_private.waiting_firings.since is
    'When the wait began, whatever it has waited for in the meantime.';

create table automation_private.webhooks (
    org_id uuid not null,
    webhook_id uuid not null,
    name text not null,
    created_by uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    last_received_at timestamptz,
    primary key (org_id, webhook_id),
    unique (org_id, name)
);

-- not unique, or it would span organisations; the ids are random and made here
create index webhook_by_id on automation_private.webhooks (webhook_id);

comment on table automation_private.webhooks is
    'Where others may report what happened on their side: messages received under the id become '
    'events webhook.<name>.';
comment on column automation_private.webhooks.last_received_at is
    'To the minute, so that a busy webhook does not rewrite this row for every message.';

create table automation_private.housekeeping (
    task text primary key,
    due_at timestamptz not null
);

comment on table automation_private.housekeeping is
    'Chores of the clock that need no punctuality, and when each is next due.';

insert into automation_private.housekeeping (task, due_at)
values
    ('fold_in_flight', '-infinity'), ('fold_usage', '-infinity'), ('forget_subjects', '-infinity'),
    ('drop_blocks', '-infinity'), ('drop_results', '-infinity'), ('take_strays', '-infinity');

select pgmq.create('automation_actions');

alter table pgmq.q_automation_actions set (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0
);

alter table pgmq.q_automation_actions enable row level security, force row level security;

create type automation_private.body_plan as (
    regions int[],
    edges automation_private.step_edge[],
    errors jsonb
);

comment on type automation_private.body_plan is
    'For every step the loop or scope in whose body it stands (0: none), the ways that stay in '
    'their body, and the errors of those that do not.';

create type automation_private.compiled_step as (
    pointer text,
    step_key text,
    step_name text,
    step_type text,
    runs text,
    action text,
    roots text[],
    params jsonb,
    bindings jsonb,
    reads text[],
    condition jsonpath,
    derived jsonb,
    cases jsonb,
    branch_names text[],
    save_as text,
    saves text,
    retry jsonb,
    timeout_is_set boolean,
    mutex text,
    options jsonb,
    result jsonb,
    result_bindings jsonb,
    compensation jsonb,
    source jsonb,
    links automation_private.step_link[],
    errors jsonb
);

comment on type automation_private.compiled_step is
    'A step as far as it can be compiled alone: what workflow_definition_steps stores, with links '
    'for the orders of other steps, and its errors.';
comment on column automation_private.compiled_step.roots is
    'The names that loops of the definition give to their items.';

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

create type automation_private.gated_request as (
    request automation_private.start_request,
    firing automation_private.firing,
    gate jsonb,
    key text
);

comment on type automation_private.gated_request is
    'A firing with the instance that it would start and what it has to pass before.';

create type automation_private.merge_move as (
    scope automation_private.moved_scope,
    merge_key text,
    next_order int,
    output_is_read boolean,
    fires int,
    joined int,
    cancels boolean,
    leaves int,
    passes int
);

comment on type automation_private.merge_move is
    'What follows from a move in the scope of a split: how often its merge fires and for how many '
    'arrivals each time, whether the rest is cancelled, how many tokens leave the scope around it '
    '(negative: are added), and how many arrivals that scope''s merge gets.';

create table automation_private.approval_links (
    org_id uuid not null,
    token_hash bytea not null,
    step_id uuid not null,
    user_id uuid not null,
    content_hash text not null,
    created_by uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (org_id, token_hash),
    foreign key (org_id, step_id) references automation.approvals
);

-- not unique, or it would span organisations; tokens are random and made here
create index approval_link_by_token on automation_private.approval_links (token_hash);

comment on table automation_private.approval_links is
    'Single-use links with which a person votes without logging in.';
comment on column automation_private.approval_links.token_hash is
    'SHA-256 of the token, which nobody keeps but its receiver.';
comment on column automation_private.approval_links.content_hash is
    'What the approval was about when the link was made.';

create table automation.approval_votes (
    org_id uuid not null,
    step_id uuid not null,
    vote_number int not null,
    user_id uuid not null,
    decision text not null,
    comment text,
    delegated_to uuid,
    revision int not null,
    content_hash text not null,
    channel text not null,
    voted_at timestamptz not null,
    login name not null default session_user,
    primary key (org_id, step_id, vote_number),
    foreign key (org_id, step_id) references automation.approvals,
    constraint decision_is_known check (
        decision in ('approve', 'reject', 'request_changes', 'comment', 'delegate', 'revise')
    ),
    constraint delegation_names_somebody check (
        (delegated_to is not null) = (decision = 'delegate')
    ),
    constraint channel_is_known check (channel in ('api', 'link'))
);

comment on table automation.approval_votes is
    'Everything that somebody did to an approval, in its order. Append-only: of each user the last '
    'vote counts.';
comment on column automation.approval_votes.content_hash is
    'What the vote was about; of a revision what the content has become.';
comment on column automation.approval_votes.channel is
    'api: the user was named by the caller; link: a single-use link of the user was.';

create table automation_private.webhook_secrets (
    org_id uuid not null,
    webhook_id uuid not null,
    secret_number int not null,
    secret bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    valid_until timestamptz,
    primary key (org_id, webhook_id, secret_number),
    foreign key (org_id, webhook_id) references automation_private.webhooks
);

comment on table automation_private.webhook_secrets is
    'What senders sign with: the current secret of a webhook, and earlier ones while they count.';
comment on column automation_private.webhook_secrets.secret is
    'The key itself: a signature can be checked with nothing less.';
comment on column automation_private.webhook_secrets.valid_until is
    'Null for the current secret.';

create type automation_private.compiled_definition as (
    input_schema jsonb,
    settings jsonb,
    output jsonb,
    output_bindings jsonb,
    output_reads text[],
    steps automation_private.compiled_step[],
    scopes int[],
    errors jsonb
);

comment on type automation_private.compiled_definition is
    'A compiled definition: steps in their order (the start step first), for each the split in '
    'whose scope it stands (of a merge: which it closes; 0 none), and all errors.';
