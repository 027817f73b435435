create or replace function automation_private.hold_migrated(p_gone automation.workflow_steps[])
returns void
language sql
volatile
begin atomic
    insert into automation_private.held_tokens (
        org_id, instance_id, held_id, root_id, reason, step_order, scope_id, iteration_id,
        from_order
    )
    select
        g.org_id, g.instance_id, automation_private.uuid_v7(), i.root_id, 'failed', g.step_order,
        g.scope_id, g.iteration_id, g.step_order -- noqa: AL08
    from unnest(p_gone) as g
    inner join automation.workflow_instances as i
        on i.org_id = g.org_id and i.instance_id = g.instance_id;
    update automation.workflow_steps as s
    set ended_in = null
    from unnest(p_gone) as g
    where s.org_id = g.org_id and s.instance_id = g.instance_id and s.step_id = g.step_id;
end;

comment on function automation_private.hold_migrated(automation.workflow_steps[]) is
    'Of a failed instance: its retry does not open these activations again; tokens in their place '
    'go on.';
