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
