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
