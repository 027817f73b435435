create or replace function automation.workflow_status(p_instance_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('view');
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    return (
        select jsonb_build_object(
            'instance_id', i.instance_id, 'name', i.instance_name, 'template_id', i.template_id,
            'status', i.status, 'reason', i.stop_reason,
            'paused_at', case when i.status = 'paused' then i.paused_at end,
            'retries', i.retries, 'forked_from', i.forked_from, 'output', i.execution_results,
            'error', i.error_details, 'parent', case
                when i.parent_instance_id is not null then jsonb_build_object(
                    'instance_id', i.parent_instance_id, 'step', i.trigger_data ->> 'step'
                )
            end,
            'children', automation_private.list_children(i.org_id, i.instance_id),
            'started_at', i.started_at, 'completed_at', i.completed_at,
            'progress', jsonb_build_object(
                'steps_total', i.steps_total,
                'steps_completed', c.completed, 'steps_failed', c.failed,
                'activations', i.activations
            ),
            'current_steps', automation_private.list_current_steps(i)
        )
        from automation.workflow_instances as i
        cross join lateral automation_private.step_counts(
            i.org_id, i.instance_id, false
        ) as c
        where i.org_id = v_org and i.instance_id = p_instance_id
    );
end;
$$;

comment on function automation.workflow_status(uuid) is
    'Where an instance stands: status, reason, output, error {code, message, step, …}, '
    'progress, the steps that are open or held now, its parent and the newest of its '
    'sub-workflows.';
