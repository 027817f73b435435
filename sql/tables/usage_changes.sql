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
