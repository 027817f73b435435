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
