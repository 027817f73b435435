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
