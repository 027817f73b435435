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
