create or replace function automation_private.reset_deadline(
    p_instance automation.workflow_instances
)
returns void
language sql
volatile
begin atomic
    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select
        p_instance.org_id, p_instance.instance_id, p_instance.instance_id, 'deadline', -- noqa: AL08
        p_instance.root_id,
        automation_private.add_duration(
            automation_private.clock(),
            automation_private.parse_duration(d.settings ->> 'timeout'), p_instance.timezone
        )
    from automation.workflow_definitions as d
    where d.org_id = p_instance.org_id
        and d.definition_id = p_instance.definition_id
        and d.settings ? 'timeout';
end;

comment on function automation_private.reset_deadline(automation.workflow_instances) is
    'Sets the time limit of an instance, if it has one, from now.';
