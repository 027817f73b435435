create or replace function automation_private.list_current_steps(
    p_instance automation.workflow_instances
)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
return (
    select coalesce(jsonb_agg(x.current_step order by x.place), '[]')
    from (
        select
            s.step_id as place,
            jsonb_build_object(
                'step', s.step_key, 'step_id', s.step_id, 'status', s.status,
                'attempt', s.attempt, 'since', s.started_at, 'error', s.error
            ) as current_step
        from automation.workflow_steps as s
        where s.org_id = p_instance.org_id
            and s.instance_id = p_instance.instance_id
            and s.status in ('pending', 'running', 'waiting')
            and s.step_type <> 'iteration'
        union all
        select
            h.held_id,
            jsonb_strip_nulls(jsonb_build_object(
                'step', d.step_key, 'status', 'held', 'reason', h.reason, 'mutex', h.mutex
            ))
        from automation_private.held_tokens as h
        inner join automation.workflow_definition_steps as d
            on d.org_id = h.org_id
                and d.definition_id = p_instance.definition_id
                and d.step_order = h.step_order
        where h.org_id = p_instance.org_id
            and h.instance_id = p_instance.instance_id
            and h.enters_id is null
            and h.reason <> 'failed'
            and p_instance.status in ('running', 'paused')
    ) as x
);

comment on function automation_private.list_current_steps(automation.workflow_instances) is
    'The steps that are open in an instance, and those that wait for a mutex or the end of a pause '
    '(status "held").';
