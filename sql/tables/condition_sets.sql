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
