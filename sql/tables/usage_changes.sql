create table automation_private.usage_changes (
    org_id uuid not null,
    template_id uuid not null,
    started int not null,
    ended int not null,
    used_at timestamptz not null
);

comment on table automation_private.usage_changes is
    'Starts and ends of instances per template and call, folded into workflow_templates by the '
    'clock.';
